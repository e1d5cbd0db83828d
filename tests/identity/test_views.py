"""Getting in, as people do."""

import re

import pyotp
import pytest
from sqlalchemy import select

from app.access.rules import Role
from app.identity import services
from app.identity.models import SignedInSession, User
from app.identity.services.factors import begin_factor, confirm_factor
from app.kernel.clock import now
from app.mail.models import MailMessage

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(session, user):
    ada = user(Role.CHANNEL_MANAGER, email="ada@example.com", name="Ada")
    services.set_password(session, ada, PASSWORD, at=now())
    return ada


def send(client, email="ada@example.com", password=PASSWORD, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


class TestSignIn:
    def test_lets_in_who_knows_the_password(self, client, ada):
        response = send(client)

        assert (response.status_code, response.location) == (303, "/")
        assert client.get("/profile").status_code == 200

    def test_goes_on_to_where_the_person_was_going(self, client, ada):
        assert send(client, next="/profile").location == "/profile"

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil"])
    def test_never_goes_on_to_another_host(self, client, ada, elsewhere):
        assert send(client, next=elsewhere).location == "/"

    @pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
    def test_answers_alike_for_known_and_unknown_addresses(self, client, ada, email):
        response = send(client, email=email, password="wrong password")

        assert response.status_code == 422
        assert "do not belong together" in response.text

    def test_slows_down_after_ten_tries(self, portal, committing):
        browser = portal.test_client()

        codes = [send(browser, password="wrong password").status_code for _ in range(11)]

        assert codes == [422] * 10 + [429]

    def test_shuts_out_somebody_deactivated(self, client, ada, session):
        ada.is_active = False

        assert send(client).status_code == 422

    def test_sends_a_stranger_to_the_door_and_remembers_the_way(self, client):
        response = client.get("/profile")

        assert response.location == "/sign-in?next=/profile"


class TestSecondFactor:
    def test_is_asked_for_after_the_password(self, client, ada, session):
        seed = begin_factor(session, ada)
        confirm_factor(session, ada, pyotp.TOTP(seed).now(), at=now())

        assert send(client).location.startswith("/sign-in/code")
        assert client.get("/profile").status_code == 303
        refused = client.post("/sign-in/code", data={"code": "000000"})
        assert refused.status_code == 422

    def test_takes_a_recovery_code_once(self, client, ada, session):
        seed = begin_factor(session, ada)
        spare = confirm_factor(session, ada, pyotp.TOTP(seed).now(), at=now())[0]

        send(client)
        assert client.post("/sign-in/code", data={"code": spare}).location == "/"
        client.post("/sign-out")
        send(client)
        assert client.post("/sign-in/code", data={"code": spare}).status_code == 422

    def test_shows_a_picture_to_scan(self, client, ada, sign_in):
        sign_in(ada)

        client.post("/profile/second-factor/seed")

        assert "<svg" in client.get("/profile/second-factor").text


class TestSessions:
    def test_end_when_signed_out(self, client, ada, sign_in, session):
        sign_in(ada)

        client.post("/sign-out")

        assert client.get("/profile").status_code == 303
        assert session.scalars(select(SignedInSession)).one().ended_at is not None

    def test_of_others_end_when_the_password_changes(self, client, ada, session, sign_in):
        services.open_session(session, ada, at=now(), address="10.0.0.1", agent="other")
        sign_in(ada)

        client.post("/profile/password", data={"old": PASSWORD, "password": "another fine one"})

        ended = session.scalars(
            select(SignedInSession.ended_at).where(SignedInSession.agent == "other")
        ).one()
        assert ended is not None

    def test_obey_a_new_role_at_the_next_request(self, client, session, user, sign_in):
        someone = user(Role.ADMIN)
        sign_in(someone)
        assert client.get("/users").status_code == 200

        someone.role = Role.ANALYST

        assert client.get("/users").status_code == 403


class TestJoining:
    def link(self, session):
        text = session.scalars(select(MailMessage).order_by(MailMessage.created_at.desc())).first()
        return re.findall(r"https?://[^/]+(/\S+)", text.text)[0]

    def test_an_invitation_makes_a_person(self, client, session, user, sign_in):
        boss = user(Role.PARTNER_ADMIN)
        sign_in(boss)
        asked = {"email": "new@example.com", "name": "New", "role": "partner_member"}
        assert client.post("/team", data=asked).status_code == 303
        client.post("/sign-out")

        link = self.link(session)
        assert client.get(link).status_code == 200
        joined = client.post(link, data={"name": "New", "password": PASSWORD})

        assert joined.location == "/"
        person = session.scalars(select(User).where(User.email == "new@example.com")).one()
        assert (person.role, person.partner_id) == (Role.PARTNER_MEMBER, boss.partner_id)
        assert client.get(link).status_code == 410

    def test_a_partner_cannot_invite_for_the_vendor(self, client, user, sign_in):
        sign_in(user(Role.PARTNER_ADMIN))

        asked = {"email": "new@example.com", "name": "New", "role": "finance"}

        assert client.post("/team", data=asked).status_code == 422

    def test_a_forgotten_password_is_replaced_by_a_link(self, client, session, ada):
        client.post("/password/forgotten", data={"email": "ada@example.com"})
        link = self.link(session)

        assert client.post(link, data={"password": "brand new words"}).status_code == 303
        assert client.post(link, data={"password": "brand new words"}).status_code == 410
        assert send(client, password="brand new words").location == "/"


class TestTeam:
    def test_knows_nobody_of_another_company(self, client, user, sign_in):
        stranger = user(Role.PARTNER_MEMBER)
        sign_in(user(Role.PARTNER_ADMIN))

        assert client.get(f"/team/{stranger.id}").status_code == 404

    def test_nobody_shuts_themselves_out(self, client, user, sign_in):
        me = user(Role.PARTNER_ADMIN)
        sign_in(me)

        assert client.post(f"/team/{me.id}/closure").status_code == 409

    def test_a_partner_finds_nothing_at_the_vendors_pages(self, client, user, sign_in):
        sign_in(user(Role.PARTNER_ADMIN))

        assert client.get("/users").status_code == 404
