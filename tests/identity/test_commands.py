"""Letting the first people in from the command line."""

import re

from sqlalchemy import select

from app.identity.models import User


class TestInvite:
    def test_prints_a_link_that_lets_the_first_admin_in(self, portal, client, session):
        said = portal.test_cli_runner().invoke(
            args=["users", "invite", "boss@example.com", "--name", "The Boss"]
        )

        path = re.findall(r"https?://[^/]+(/join/\S+)", said.output)[0]
        client.post(path, data={"name": "The Boss", "password": "correct horse battery"})

        assert session.scalars(select(User)).one().role == "admin"

    def test_refuses_an_address_that_is_taken(self, portal, session, user):
        user(email="ada@example.com")

        said = portal.test_cli_runner().invoke(
            args=["users", "invite", "ada@example.com", "--name", "Ada"]
        )

        assert said.exit_code == 1
        assert "has a place already" in said.output

    def test_lists_who_is_here(self, portal, session, user):
        user(email="ada@example.com", is_active=False)

        said = portal.test_cli_runner().invoke(args=["users", "list"])

        assert "ada@example.com  Channel manager  (shut out)" in said.output
