"""The town's rules: values in, decisions out. No clock, no database, no network, no Django."""
