"""A simulated carrier is for demo bodies alone."""

import pytest

from helpdesk import democarrier
from helpdesk.config import BadSetting
from helpdesk.errors import Stale
from helpdesk.up.options import Options, refuse_carrier


def test_a_body_of_its_own_gets_no_simulated_carrier(session, tmp_path):
    with pytest.raises(BadSetting, match="--demo-carrier"):
        refuse_carrier(Options(tmp_path, demo_carrier=True), demo=False)
    with pytest.raises(Stale):
        democarrier.build(0)


def test_a_demo_may_have_one(tmp_path):
    refuse_carrier(Options(tmp_path, demo_carrier=True), demo=True)
