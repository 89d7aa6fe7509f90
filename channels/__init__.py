"""The border: one folder a channel; raw bytes come in as messages, finished messages go out."""
