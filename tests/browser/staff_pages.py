"""Where the pages of the desk, of supervision and of administration are looked at."""

from collections.abc import Mapping
from uuid import uuid4

from playwright.sync_api import Page

from tests.browser.site import Site
from tests.browser.ways import Address, in_language, linked, plain

KINDS_OF_THINGS = (
    "departments", "teams", "services", "categories", "customers", "suppliers", "canned-replies", "articles", "outages",
)  # fmt: skip


KINDS_OF_RULES = (
    "calendar", "matrix", "policy", "ruleset", "waiting", "major_criteria", "informing", "model",
)  # fmt: skip


def ticket(page: Page, site: Site, language: str) -> str:
    """A ticket with a story."""
    return in_language(f"/desk/tickets/{_told(site)}", language)


def _told(site: Site) -> str:
    """The number of a ticket that was answered."""
    items = site.api("GET", "/tickets?limit=50")["items"]
    return str(next((item for item in items if item["first_response_at"]), items[0])["number"])


def monitored(page: Page, site: Site, language: str) -> str:
    """The account of a monitoring system that was just added."""
    page.goto(in_language("/admin/monitoring", language))
    page.fill("#name", f"Prometheus {uuid4().hex[:4]}")
    page.click("main form.admin-form button")
    page.wait_for_selector("code")
    return linked("/admin/monitoring", "/admin/monitoring/")(page, site, language)


def ledger(page: Page, site: Site, language: str) -> str:
    """The ledger of that ticket."""
    return in_language(f"/desk/tickets/{_told(site)}/ledger", language)


def call_back(page: Page, site: Site, language: str) -> str:
    """The times at which its citizen can be rung."""
    return in_language(f"/desk/tickets/{_told(site)}/call-back", language)


def told(page: Page, site: Site, language: str) -> str:
    """What people were told about that ticket."""
    return in_language(f"/desk/tickets/{_told(site)}/told", language)


def _application(site: Site) -> str:
    """A ticket that is an application by law: it has a number of the protocol."""
    services = site.api("GET", "/services?limit=100")["items"]
    service = next(item["key"] for item in services if item["application"])
    given = {"subject": "Πιστοποιητικό", "text": "Για σχολείο.", "service": service, "requester": {"name": "Άννα"}}
    return str(site.api("POST", "/tickets", given)["number"])


def receipt(page: Page, site: Site, language: str) -> str:
    """The receipt of an application, for the counter."""
    return in_language(f"/desk/tickets/{_application(site)}/receipt", language)


def script(page: Page, site: Site, language: str) -> str:
    """The first question of a model's script, on a ticket that the model covers."""
    given = {"subject": "Σβηστό φως", "text": "Στη γωνία.", "service": "street-light", "requester": {"name": "Άννα"}}
    number = site.api("POST", "/tickets", given)["number"]
    return in_language(f"/desk/tickets/{number}/script/first-questions", language)


def letter(page: Page, site: Site, language: str) -> str:
    """A letter in the sink: the answer to a request that was just made."""
    asked = {"name": "Anna", "email": f"anna-{uuid4().hex[:8]}@example.org"}
    site.api("POST", "/tickets", {"subject": "Bench", "text": "A board is missing.", "requester": asked})
    page.goto("/admin/mail-sink")
    for _ in range(40):
        if page.get_by_text(asked["email"]).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    return linked("/admin/mail-sink", "/admin/mail-sink/")(page, site, language)


def rules(kind: str, further: str = "") -> Address:
    """The first version of a kind in the rulebook, or a page below it."""

    def address(page: Page, site: Site, language: str) -> str:
        page.goto(in_language("/admin/rulebook", language))
        part = page.locator(f"section[aria-labelledby='kind-{kind}'] tbody a").first
        found = part.get_attribute("href")
        assert found is not None
        return in_language(f"{found}{further}", language)

    return address


def trial(page: Page, site: Site, language: str) -> str:
    """The page of a trial of the promises in force that has ended."""
    page.goto(rules("policy", "/try")(page, site, "en"))
    page.click("button[value='past']")
    page.wait_for_url("**/rulebook/runs/*")
    page.wait_for_selector("#kept", timeout=150_000)
    return in_language("/admin" + page.url.partition("/admin")[2].partition("?")[0], language)


def routing_trial(page: Page, site: Site, language: str) -> str:
    """The page of routing rules tried on past requests."""
    page.goto(rules("ruleset", "/try-routing")(page, site, "en"))
    page.click("button[value='past']")
    page.wait_for_url("**/routing-trials/*")
    page.wait_for_selector("[data-ended]", timeout=150_000)
    return in_language("/admin" + page.url.partition("/admin")[2].partition("?")[0], language)


CASES: Mapping[str, tuple[Address, ...]] = {
    "desk.queue": (plain("/desk"), plain("/desk?view=all"), plain("/desk?q=zzzzzz")),
    "desk.new": (plain("/desk/new"),),
    "desk.ticket": (ticket,),
    "desk.call_back": (call_back,),
    "desk.ledger": (ledger,),
    "desk.priorities": (plain("/desk/priorities"),),
    "desk.receipt": (receipt,),
    "desk.told": (told,),
    "desk.script": (script,),
    "desk.major": (linked("/supervise/majors", "/major"),),
    "desk.major_review": (linked("/supervise/majors", "/major/review"),),
    "desk.moves": (plain("/desk/moves"),),
    "desk.help_pages": (plain("/desk/articles"), plain("/desk/articles?q=νερό")),
    "desk.help_page": (linked("/desk/articles", "/desk/articles/"),),
    "desk.absences_page": (plain("/desk/absences"),),
    "desk.approvals": (plain("/desk/approvals"),),
    "desk.problem_list": (plain("/desk/problems"), plain("/desk/problems?view=review")),
    "desk.problem": (linked("/desk/problems", "/desk/problems/"),),
    "desk.new_problem": (plain("/desk/problems/new"),),
    "desk.presence_page": (plain("/desk/presence"),),
    "desk.chats_page": (plain("/desk/chats"),),
    "supervise.majors_list": (plain("/supervise/majors"),),
    "supervise.figures": (plain("/supervise"),),
    "supervise.figure": (linked("/supervise", "/supervise/figures/"),),
    "supervise.now_board": (plain("/supervise/board"),),
    "supervise.risk": (plain("/supervise/risk"),),
    "supervise.routing_report": (plain("/supervise/routing"),),
    "supervise.waiting_list": (plain("/supervise/waiting"),),
    "supervise.bot_report": (plain("/supervise/bot"),),
    "supervise.bot_lessons": (plain("/supervise/bot/questions"),),
    "supervise.escalation_report": (plain("/supervise/escalation-report"),),
    "supervise.models_report": (plain("/supervise/models"),),
    "supervise.waiting_report": (plain("/supervise/waiting-report"),),
    "supervise.post": (plain("/supervise/post"),),
    "supervise.held_post": (plain("/supervise/post/held"),),
    "supervise.raw_post": (linked("/supervise/post", "/supervise/post/"),),
    "admin.overview": (plain("/admin"),),
    "admin.log": (plain("/admin/log"),),
    "admin.settings": (plain("/admin/settings"),),
    "supervise.calls": (plain("/supervise/calls"),),
    "admin.callbacks_list": (plain("/admin/callbacks"),),
    "admin.chat_rules": (plain("/admin/chat"),),
    "admin.department_callbacks": (linked("/admin/callbacks", "/admin/callbacks/"),),
    "admin.assignments": (plain("/admin/assignment"),),
    "admin.department_assignment": (linked("/admin/assignment", "/admin/assignment/"),),
    "admin.things": tuple(plain(f"/admin/{kind}") for kind in KINDS_OF_THINGS),
    "admin.thing": tuple(linked(f"/admin/{kind}", f"/admin/{kind}/") for kind in KINDS_OF_THINGS[:3]),
    "admin.new_thing": tuple(plain(f"/admin/{kind}/new") for kind in KINDS_OF_THINGS),
    "admin.people": (plain("/admin/people"),),
    "admin.person": (linked("/admin/people", "/admin/people/"),),
    "admin.escalation": (plain("/admin/escalation"),),
    "admin.department_duties": (linked("/admin/escalation", "/admin/escalation/"),),
    "admin.new_person": (plain("/admin/people/new"),),
    "admin.monitoring": (plain("/admin/monitoring"),),
    "admin.telephone": (plain("/admin/telephone"),),
    "admin.phone_try": (plain("/admin/telephone/try"),),
    "admin.prompts_page": (plain("/admin/telephone/prompts"),),
    "admin.new_number": (plain("/admin/telephone/numbers/new"),),
    "admin.number": (linked("/admin/telephone", "/admin/telephone/numbers/"),),
    "admin.texts_page": (plain("/admin/telephone/texts"),),
    "admin.new_approved": (plain("/admin/telephone/texts/words/new"),),
    "admin.approved": (linked("/admin/telephone/texts", "/admin/telephone/texts/words/"),),
    "admin.new_menu": (plain("/admin/telephone/menus/new"),),
    "admin.phone_menu": (linked("/admin/telephone", "/admin/telephone/menus/"),),
    "desk.phone": (plain("/desk/phone"),),
    "admin.monitoring_account": (monitored,),
    "admin.mail_accounts": (plain("/admin/mail-accounts"),),
    "admin.senders": (plain("/admin/senders"),),
    "admin.mail_account": (linked("/admin/mail-accounts", "/admin/mail-accounts/"),),
    "admin.new_mail_account": (plain("/admin/mail-accounts/new"),),
    "admin.mail_sink": (plain("/admin/mail-sink"),),
    "admin.fallen_letter": (letter,),
    "admin.rulebook_": (plain("/admin/rulebook"),),
    "admin.rulebook_version": tuple(rules(kind) for kind in KINDS_OF_RULES),
    "admin.edit_version": tuple(rules(kind, "/edit") for kind in KINDS_OF_RULES),
    "admin.new_rules": (plain("/admin/rulebook/new/calendar"), plain("/admin/rulebook/new/policy?kind=ola")),
    "admin.agreements_": (plain("/admin/agreements"),),
    "admin.special_days": (rules("calendar", "/special-days"),),
    "admin.try_version": (rules("policy", "/try"), rules("calendar", "/try")),
    "admin.trial": (trial,),
    "admin.try_routing": (rules("ruleset", "/try-routing"),),
    "admin.routing_trial": (routing_trial,),
    "admin.verification": (plain("/admin/verification"),),
}
