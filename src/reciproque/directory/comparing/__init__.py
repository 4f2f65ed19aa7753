"""Records face to face, brought together and separated: what people see of `services.merging`."""
