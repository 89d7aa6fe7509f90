"""What must not stand in the log."""

import logging


def test_lines_of_the_mail_protocol_are_not_logged_since_they_hold_addresses(app) -> None:
    assert not logging.getLogger("mail.log").isEnabledFor(logging.INFO)
