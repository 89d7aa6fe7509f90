"""The fictional municipality of the demo."""
