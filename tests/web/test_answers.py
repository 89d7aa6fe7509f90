"""Answers to a form's own questions are shown in the words of the form, to citizens and to colleagues alike."""

from helpdesk.web import answers

QUESTIONS = [
    {"name": "place", "labels": {"el": "Πού;", "en": "Where?"}},
    {"name": "use", "labels": {"el": "Χρήση;", "en": "What for?"}, "choices": [
        {"value": "abroad", "labels": {"el": "Για το εξωτερικό", "en": "For use abroad"}},
    ]},
]  # fmt: skip


def test_an_answer_stands_after_its_question_in_the_reader_s_language(app):
    with app.test_request_context("/desk?language=el"):
        assert answers.told(QUESTIONS, {"use": "abroad", "place": "Ερμού 14"}) == [
            ("Πού;", "Ερμού 14"), ("Χρήση;", "Για το εξωτερικό"),
        ]  # fmt: skip


def test_what_was_left_empty_is_left_out(app):
    with app.test_request_context("/desk?language=en"):
        assert answers.told(QUESTIONS, {"place": "", "use": "other"}) == [("What for?", "other")]


def test_colleagues_see_what_a_form_asked_that_its_present_service_does_not(app):
    with app.test_request_context("/desk?language=en"):
        assert answers.of_any_form(None, {"meter": "4711"}) == [("meter", "4711")]
