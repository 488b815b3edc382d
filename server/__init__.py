"""The instance: doors, workers, use cases and the floor they stand on."""
