"""The work platform: Django slices in the floors that ARCHITECTURE.md draws; each imports only what stands below it."""
