"""A small public body for benchmarks: two departments, their addresses, hours, promises and twenty rules."""

from collections.abc import Mapping

from helpdesk import clock, config, create_app
from helpdesk.db import commit, db
from helpdesk.models.catalogue import Department
from helpdesk.models.post import ChannelAccount
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind

_WORDS = {
    "works": ("φωτισμός", "διαρροή νερού", "κάδος", "street light", "water is leaking", "bin", "λακκούβα", "δέντρο"),
    "registry": ("πιστοποιητικό", "ληξιαρχική πράξη", "certificate", "γάμος", "δημοτολόγιο", "birth"),
}


def open_to(environment: Mapping[str, str], department: str) -> None:
    """Lets a seeded body take in requests: an address of its own, and twenty rules that end at a department."""
    app = create_app(config.load(environment))
    with app.app_context():
        db.session.add(ChannelAccount(kind="email", address="info@city.example", is_default=True))
        commit()
        rules = [rule | {"then": {"department": department}} for rule in _rules()]
        ruleset = {"rules": rules, "fallback": {"department": department}}
        rulebook.enact(RulebookKind.RULESET, rulebook.DEFAULT, ruleset, at=clock.now())
        db.engine.dispose()


def make(environment: Mapping[str, str]) -> None:
    """Writes it into the empty database of that environment."""
    app = create_app(config.load(environment))
    with app.app_context():
        for key in _WORDS:
            db.session.add(Department(key=key, names={"el": key, "en": key}))
        db.session.add(ChannelAccount(kind="email", address="info@city.example", is_default=True))
        commit()
        rulebook.ensure_defaults(clock.now())
        rulebook.enact(RulebookKind.RULESET, rulebook.DEFAULT, _ruleset(), at=clock.now())
        db.engine.dispose()


def _ruleset() -> dict[str, object]:
    return {"rules": _rules(), "fallback": {"department": "registry"}}


def _rules() -> list[dict[str, object]]:
    rules = [
        {"key": f"{key}-{at}", "title": word, "when": {"words": {"any": [word]}}, "then": {"department": key}}
        for key, words in _WORDS.items()
        for at, word in enumerate(words)
    ]
    quiet = [
        {
            "key": f"other-{at}",
            "title": "Other",
            "when": {"words": {"any": [f"λέξη{at} άλλη"]}},
            "then": {"tags": ["x"]},
        }
        for at in range(6)
    ]
    return quiet + rules
