"""Requests in English."""

from dataclasses import replace

from helpdesk.services.demo.case import Case

_CASES = (
    Case(
        "street-light",
        "Street light out on {place}",
        "Hello, the street light in front of {place} has been out since Sunday and the corner is very dark. People "
        "walk their dogs here in the evening and the kerb is high. Could somebody have a look?",
        "Can you see a number on the small plate of the lamp post?",
        "Yes, it says 233. Thank you for looking into it.",
        "The lamp was replaced last night and works again. Please write here if it goes out once more.",
    ),
    Case(
        "road-damage",
        "Pothole near the bus stop",
        "There is a pothole next to the bus stop on {place}. When it rains it fills with water and cars splash "
        "everyone who waits. It has grown a lot in the last two weeks.",
        "On which side of the street is it, towards the sea or towards the square?",
        "Towards the square, about two metres after the stop.",
        "The pothole was filled this morning. The whole stretch is on the list for resurfacing in spring.",
    ),
    Case(
        "missed-collection",
        "Rubbish has not been collected",
        "The bin on {place} has not been emptied for five days. Bags are piling up on the pavement and there are "
        "wasps around. Is there a strike, or did the lorry miss our street?",
        "Is the bin still in its usual place, or has somebody moved it?",
        "It has been pushed behind a parked van, that may be why.",
        "The bin was emptied and put back in its place. We have asked the crew to check it again on Friday.",
    ),
    Case(
        "water-leak",
        "Water leak in front of our house",
        "A water leak has started in the road in front of {place}. It is running down to the school. Our tap water "
        "has turned slightly brown as well. Who can come and close it?",
        "Has the pressure dropped in your house too?",
        "Yes, upstairs we have almost none left.",
        "A burst pipe was repaired this afternoon. Please let the tap run for a few minutes until it is clear.",
    ),
    Case(
        "water-bill",
        "Question about my water bill",
        "I moved out of {place} in August but the water bill still comes in my name. What do you need from me to "
        "change it to the new tenant?",
        "Please tell us the reading of the water meter on the day you moved out.",
        "It was 842 cubic metres on the 31st of August.",
        "The account was closed on that date and a final bill is on its way to you.",
    ),
    Case(
        "family-certificate",
        "Certificate of family status in English",
        "I need a certificate of family status for my embassy. Is it available in English, and can I get it without "
        "coming to your office? I live abroad at the moment.",
        "We can send it by e-mail. Please send a copy of your passport first.",
        "I have sent it to your postal address, because your form did not take the file.",
        "Your certificate was issued on the multilingual form and sent to you today.",
        "fulfilled",
    ),
    Case(
        "online-payment",
        "Charged twice for municipal fees",
        "The online payment failed at the last step, so I tried again. Now my bank shows that I was charged twice. "
        "Please refund one of the two payments.",
        "Which reference numbers does your bank show for the two payments?",
        "They end in 7712 and 7713.",
        "The second payment was cancelled; your bank will return it within five working days.",
    ),
    Case(
        "portal-account",
        "I cannot sign in to the portal",
        "I forgot my password for the citizen portal and the reset message never arrives. I have checked the spam "
        "folder too. My appointment is on Thursday and I have to upload a document before that.",
        "Could it be that you registered with another e-mail address?",
        "You are right, it was my old work address.",
        "We changed the address of your account; you can now set a new password yourself.",
    ),
    Case(
        "",
        "Swimming lessons for adults",
        "Good morning. I have just moved here and would like to know whether there are swimming lessons for adults, "
        "what they cost and where to enrol. I could not find it on the website.",
        "Are you looking for beginners' lessons?",
        "Yes, I have never learned to swim.",
        "Beginners' lessons start every month; enrol at the reception of the pool with your identity card.",
        "answered",
    ),
)

CASES = tuple(replace(case, language="en") for case in _CASES)
