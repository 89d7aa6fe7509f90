"""Everything at once, for one machine: servers, web, workers, clock and mail, held up until told to stop."""
