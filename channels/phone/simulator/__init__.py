"""A carrier that stands on this machine: it reads our answers as strictly as the real one, with a clock of its own."""
