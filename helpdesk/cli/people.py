"""Tokens and members of staff from the command line."""

import secrets

import click
from flask import current_app

from helpdesk import clock
from helpdesk.cli.ground import with_app
from helpdesk.permissions import SYSTEM
from helpdesk.services import access, catalogue, rulebook, tokens
from helpdesk.services.access import passwords
from helpdesk.vocabulary import Role


@click.command()
@with_app
def first() -> None:
    """Give the link with which the first administrator is made.

    A new one each time, which replaces earlier ones; nothing once somebody works here.
    """
    told = access.first_token(clock.now())
    if told is None:
        click.echo("Somebody works here already; an administrator can invite others.", err=True)
        return
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    click.echo(f"{base}/auth/first?token={told}")


@click.group()
def token() -> None:
    """Make API tokens."""


@token.command("create")
@click.option("--for", "email", required=True, metavar="EMAIL", help="The member of staff it acts as.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(tokens.SCOPES), help="Default: all.")
@click.option("--name", default="", help="What it is for.")
@with_app
def create_token(email: str, scopes: tuple[str, ...], name: str) -> None:
    """Make a token that acts as a person; it is shown once."""
    click.echo(tokens.create(email, name=name, scopes=scopes or tokens.SCOPES, at=clock.now()))


@click.group()
def user() -> None:
    """Make and change people."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value)
@click.option("--department", "departments", multiple=True, metavar="KEY", help="May be given several times.")
@click.option("--password", help="Default: one is made and shown once.")
@with_app
def create_user(email: str, name: str, role: str, departments: tuple[str, ...], password: str | None) -> None:
    """Make a member of staff."""
    chosen = password or secrets.token_urlsafe(12)
    passwords.check_new(chosen)
    ids = [catalogue.id_of("department", key) for key in departments]
    rulebook.ensure_defaults(clock.now())
    kept = passwords.hashed(chosen)
    catalogue.create_staff(SYSTEM, email=email, name=name, role=role, department_ids=ids, password_hash=kept)
    if password is None:
        click.echo(chosen)
