"""Who signed in can be signed out: sessions, the token of this machine, people with names, proxies."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.websockets import WebSocketDisconnect

from forewarn.errors import ForewarnError
from forewarn.web.api.guard import Access
from forewarn.web.service import sessions as module
from forewarn.web.service.limits import NotFoundError
from forewarn.web.service.passwords import LOCAL, LocalToken, PasswordFile, make_file, read_lines
from tests.web.doors import ADDRESS, PAGE, PASSWORD, app_of, client_at, client_of, sessions_of, socket_of

NEW_PASSWORD = "another horse battery"


@pytest.fixture
def password_file(tmp_path):
    make_file(tmp_path / "password", PASSWORD)
    return tmp_path / "password"


@pytest.fixture
def sessions(service, password_file):
    return sessions_of(service, PasswordFile(password_file))


@pytest.fixture
def token(service):
    return LocalToken()


@pytest.fixture
def local(service, token):
    return app_of(service, Access(sessions=sessions_of(service, token)))


def sign_in(app, **form):
    client = client_at(app)
    answer = client.post("/login", data={"password": PASSWORD, **form}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return client


def comes_in(client):
    return client.get("/api/scenarios").status_code == 200


def again(client):
    """The same cookie in another hand."""
    other = client_at(client.app)
    other.cookies.update(client.cookies)
    return other


def test_signing_out_ends_what_the_cookie_opens(service, sessions):
    client = sign_in(app_of(service, Access(sessions=sessions)))
    kept = again(client)
    assert comes_in(kept)
    client.post("/logout", follow_redirects=False)
    assert not comes_in(kept)
    assert sessions.listed() == ()


def test_a_new_password_ends_every_session(service, sessions, password_file):
    client = sign_in(app_of(service, Access(sessions=sessions)))
    assert comes_in(client)
    password_file.unlink()
    make_file(password_file, NEW_PASSWORD)
    assert not comes_in(client)
    assert client.post("/login", data={"password": PASSWORD}).status_code == 401
    assert comes_in(sign_in(client.app, password=NEW_PASSWORD))


@pytest.mark.parametrize("text", [None, "", "something else"])
def test_without_a_sound_password_file_nobody_is_in(service, sessions, password_file, text):
    client = sign_in(app_of(service, Access(sessions=sessions)))
    password_file.unlink()
    if text is not None:
        password_file.write_text(text, encoding="utf-8")
    assert not comes_in(client)
    assert client.post("/login", data={"password": PASSWORD}).status_code == 401


def test_sessions_are_listed_and_ended_from_the_list(service, sessions):
    app = app_of(service, Access(sessions=sessions))
    one, other = sign_in(app), sign_in(app)
    listed = one.get("/api/sessions").json()
    assert [each["this"] for each in listed].count(True) == 1
    assert len(listed) == 2
    theirs = next(each["id"] for each in listed if not each["this"])
    assert one.delete(f"/api/sessions/{theirs}").status_code == 204
    assert comes_in(one)
    assert not comes_in(other)
    assert one.delete(f"/api/sessions/{theirs}").status_code == 404


def test_the_page_lists_and_ends_them_too(service, sessions):
    app = app_of(service, Access(sessions=sessions))
    one, other = sign_in(app), sign_in(app)
    page = one.get("/access", headers=PAGE).text
    assert page.count('<form method="post"') == 2
    assert ">Sign out</button>" in page
    theirs = next(each["id"] for each in one.get("/api/sessions").json() if not each["this"])
    assert one.post(f"/access/sessions/{theirs}/end", follow_redirects=False).status_code == 303
    assert not comes_in(other)


def test_nothing_of_a_visitor_is_html_on_the_page(service, sessions):
    client = client_at(
        app_of(service, Access(sessions=sessions)), headers={"user-agent": "<script>x</script>\x1b"}
    )
    client.post("/login", data={"password": PASSWORD})
    page = client.get("/access", headers=PAGE).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_socket_of_an_ended_session_is_closed(service, sessions):
    app = app_of(service, Access(sessions=sessions))
    client = sign_in(app)
    with socket_of(client) as socket:
        assert socket.receive_text() == "in"
        socket.send_text("hello")
        assert socket.receive_text() == "hello"
        sessions.end(sessions.listed()[0].id)
        socket.send_text("hello again")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == 1008
    with pytest.raises(WebSocketDisconnect), socket_of(client):
        pass


def test_sessions_outlive_the_program_but_not_their_time(service, sessions, monkeypatch):
    token = sessions.open("", address="127.0.0.1", browser="a browser")
    after = sessions_of(service, sessions.keys)
    assert after.find(token).browser == "a browser"
    assert after.find("") is None
    assert after.find(after.listed()[0].id) is None
    monkeypatch.setattr(module, "LASTS", timedelta(0))
    assert after.find(token) is None


def test_what_is_kept_opens_nothing(service, sessions):
    token = sessions.open("", address="127.0.0.1", browser="")
    path = service.workspace.folder / "sessions.json"
    assert token not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    for hashed in json.loads(path.read_text(encoding="utf-8")):
        assert sessions.find(hashed) is None
    with pytest.raises(NotFoundError):
        sessions.end("")


def test_a_broken_file_of_sessions_lets_nobody_in(service, sessions):
    token = sessions.open("", address="127.0.0.1", browser="")
    (service.workspace.folder / "sessions.json").write_text('{"x": {"id": 1}}', encoding="utf-8")
    assert sessions_of(service, sessions.keys).find(token) is None


def test_the_oldest_of_too_many_go(service, sessions, monkeypatch):
    monkeypatch.setattr(module, "MOST_SESSIONS", 3)
    tokens = [sessions.open("", address=str(number), browser="") for number in range(4)]
    assert [sessions.find(each) is not None for each in tokens].count(True) == 3


def test_nothing_without_the_token(local):
    client = client_at(local)
    for path in ("/api/scenarios", "/docs", "/_nicegui/x", "/api/scenarios?token=wrong", "/?token="):
        assert client.get(path).status_code == 401
    for header in ("Bearer wrong", "Bearer", "Basic eDp3cm9uZw==", "Bearer \xff"):
        assert (
            client.get("/api/scenarios", headers={"authorization": header.encode("latin-1")}).status_code
            == 401
        )
    with pytest.raises(WebSocketDisconnect), socket_of(client):
        pass
    shown = client.get("/", headers=PAGE, follow_redirects=False)
    assert (shown.status_code, shown.headers["location"]) == (303, "/login")
    assert "Token of this server" in client.get("/login").text


def test_the_token_of_the_address_becomes_a_cookie(local, token):
    client = client_at(local)
    first = client.get(f"/docs?token={token.token}&a=1&b=%20", headers=PAGE, follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, "/docs?a=1&b=+")
    assert token.token not in first.headers["set-cookie"]
    assert comes_in(client)
    with socket_of(client) as socket:
        assert socket.receive_text() == "in"
    assert client.get("/api/sessions").json()[0]["person"] == LOCAL
    # The same address once more, from the browser's history.
    assert client.get(f"/docs?token={token.token}", headers=PAGE, follow_redirects=False).status_code == 303
    assert len(client.get("/api/sessions").json()) == 1


@pytest.mark.parametrize("path", ["//evil.example/", "/%2fevil.example/", "/\\evil.example"])
def test_the_token_leads_to_no_other_site(local, token, path):
    answer = client_at(local).get(
        f"{ADDRESS}{path}?token={token.token}", headers=PAGE, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"][:1] == "/"
    assert answer.headers["location"][1:2] not in ("/", "\\")


def test_scripts_give_the_token_each_time(local, token):
    client = client_at(local)
    for sent in (
        {"headers": {"authorization": f"Bearer {token.token}"}},
        {"auth": ("", token.token)},
        {"params": {"token": token.token}},
    ):
        client.cookies.clear()
        answer = client.get("/api/scenarios", **sent)
        assert answer.status_code == 200
    assert client.get("/api/sessions", headers={"authorization": f"Bearer {token.token}"}).json() == []


def test_the_form_takes_the_token_too(local, token):
    client = client_at(local)
    assert client.post("/login", data={"password": token.token}, follow_redirects=False).status_code == 303
    assert comes_in(client)


def test_nobody_is_locked_out_by_guesses_at_the_token(local, token):
    client = client_at(local)
    codes = {client.get("/api/scenarios?token=wrong").status_code for _ in range(20)}
    assert codes == {401}
    assert client.get(f"/api/scenarios?token={token.token}").status_code == 200


def test_a_password_is_never_taken_from_an_address(service, sessions):
    client = client_of(service, Access(sessions=sessions))
    assert client.get("/api/scenarios", params={"token": PASSWORD}).status_code == 401


def test_people_have_passwords_of_their_own(service, password_file):
    make_file(password_file, "the password of Amina", "Amina")
    make_file(password_file, "the password of Boris", "Boris")
    sessions = sessions_of(service, PasswordFile(password_file))
    app = app_of(service, Access(sessions=sessions, logins_per_minute=60))
    assert '<input id="name"' in client_at(app).get("/login").text
    amina = sign_in(app, name="Amina", password="the password of Amina")
    boris = sign_in(app, name="Boris", password="the password of Boris")
    for name, password in (
        ("Amina", "the password of Boris"),
        ("Carla", "the password of Amina"),
        ("", "x" * 20),
    ):
        assert client_at(app).post("/login", data={"name": name, "password": password}).status_code == 401
        assert client_at(app).get("/api/scenarios", auth=(name, password)).status_code == 401
    assert {each["person"] for each in amina.get("/api/sessions").json()} == {"Amina", "Boris"}
    make_file(password_file, "a new password of Amina", "Amina")
    assert not comes_in(amina)
    assert comes_in(boris)
    # The line without a name that was there before still opens.
    assert comes_in(sign_in(app))


def test_who_is_taken_out_of_the_file_is_out(service, password_file):
    make_file(password_file, "the password of Amina", "Amina")
    app = app_of(service, Access(sessions=sessions_of(service, PasswordFile(password_file))))
    amina = sign_in(app, name="Amina", password="the password of Amina")
    lines = [line for line in password_file.read_text(encoding="utf-8").splitlines() if "Amina" not in line]
    password_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert not comes_in(amina)


@pytest.mark.parametrize("name", ["a:b", "", " ", "a\nb", "x" * 41, "$"])
def test_names_are_plain(tmp_path, name):
    make_file(tmp_path / "password", PASSWORD)
    with pytest.raises(ForewarnError):
        make_file(tmp_path / "password", PASSWORD, name)
    assert list(read_lines(tmp_path / "password")) == [""]


@pytest.mark.parametrize("again", [0, 1])
def test_a_file_with_one_name_twice_is_refused(tmp_path, again):
    make_file(tmp_path / "password", PASSWORD, "Amina")
    make_file(tmp_path / "password", PASSWORD, "Boris")
    lines = (tmp_path / "password").read_text(encoding="utf-8").splitlines()
    (tmp_path / "password").write_text("\n".join([*lines, lines[again]]), encoding="utf-8")
    with pytest.raises(ForewarnError, match="line 3"):
        PasswordFile(tmp_path / "password")


def tries(app, number, **headers):
    client = client_at(app, client=("10.9.9.9", 1))
    return [
        client.post(
            "/login", data={"password": "wrong"}, headers={k: v.format(n) for k, v in headers.items()}
        ).status_code
        for n in range(number)
    ]


def test_invented_forwarded_addresses_step_around_nothing(service, sessions):
    app = app_of(service, Access(sessions=sessions, logins_per_minute=3))
    assert tries(app, 5, **{"x-forwarded-for": "10.0.0.{}"}) == [401] * 3 + [429] * 2


def test_behind_a_proxy_the_last_hop_counts(service, sessions):
    app = app_of(service, Access(sessions=sessions, logins_per_minute=3), behind_proxy=True)
    assert tries(app, 5, **{"x-forwarded-for": "10.0.0.{}, 192.0.2.7"}) == [401] * 3 + [429] * 2
    assert tries(app, 5, **{"x-forwarded-for": "10.0.0.1, 192.0.2.{}"}) == [401] * 5
    assert tries(app, 5, **{"x-forwarded-for": "nonsense {}"}) == [401] * 3 + [429] * 2


@pytest.mark.parametrize(
    ("behind_proxy", "proto", "secure"),
    [
        (True, "https", True),
        (True, "http", False),
        (True, "http, https", True),
        (True, "https, http", False),
        (False, "https", False),
    ],
)
def test_cookies_are_secure_where_the_proxy_has_tls(service, sessions, behind_proxy, proto, secure):
    client = client_of(service, Access(sessions=sessions), behind_proxy=behind_proxy)
    answer = client.post(
        "/login", data={"password": PASSWORD}, headers={"x-forwarded-proto": proto}, follow_redirects=False
    )
    assert ("secure" in answer.headers["set-cookie"].lower().split("; ")) is secure


def test_the_log_says_who_did_what_and_no_contents(service, sessions, report):
    app = app_of(service, Access(sessions=sessions))
    client = sign_in(app)
    client_at(app).post("/login", data={"name": "a secret in the wrong field", "password": "wrong"})
    entries = client.get("/api/audit").json()
    assert [each["what"] for each in entries] == ["was refused", "signed in"]
    assert "wrong" not in json.dumps(entries).replace("wrong field", "")
    assert "secret" not in json.dumps(entries)
    assert client.get("/api/audit?limit=1").json() == entries[:1]
    assert datetime.fromisoformat(entries[0]["time"]) <= datetime.now(UTC)
