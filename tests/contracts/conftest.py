"""The toy slice lies here to be copied into a copy of the house; its tests run there."""

collect_ignore_glob = ["toy/*"]
