"""Long campaigns against the engine and the référentiels: what each proves is in docs/solidite.md."""
