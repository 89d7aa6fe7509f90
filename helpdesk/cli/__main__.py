"""``python -m helpdesk.cli``: the same as ``helpdesk``, wherever the checkout stands."""

from helpdesk.cli import main

main()
