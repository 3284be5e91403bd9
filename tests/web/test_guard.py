"""Who is let in: hosts, origins, passwords, sizes, rates."""

import pytest
from starlette.websockets import WebSocketDisconnect

from forewarn.web.api.guard import HEADERS, MOST_BODY_BYTES, Access
from forewarn.web.app import COOKIE
from forewarn.web.service.passwords import PasswordFile, make_file
from tests.web.doors import PASSWORD, client_at, client_of, sessions_of, socket_of


@pytest.fixture
def client(service):
    return client_of(service, Access())


@pytest.fixture(scope="module")
def password_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("password") / "password"
    make_file(path, PASSWORD)
    return path


@pytest.fixture
def sessions(service, password_file):
    return sessions_of(service, PasswordFile(password_file))


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost", "LOCALHOST:1", "[::1]:8321"])
def test_this_machine_is_known(client, host):
    assert client.get("/api/scenarios", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "[", "localhost.evil"]
)
def test_other_hosts_are_refused(client, host):
    answer = client.get("/api/scenarios", headers={"host": host})
    assert answer.status_code == 400
    assert "problems" in answer.json()


def test_named_hosts_and_figures_are_taken_where_there_is_a_password(service, sessions):
    client = client_of(service, Access(hosts=("planning.example",), sessions=sessions))
    assert client.get("/login", headers={"host": "planning.example:8321"}).status_code == 200
    assert client.get("/login", headers={"host": "10.0.0.1:8321"}).status_code == 200
    assert client.get("/login", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1:8321.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_sites_change_nothing(client, headers):
    for method, path in (
        ("POST", "/api/scenarios/crossroads/preview"),
        ("DELETE", "/api/scenarios/crossroads"),
    ):
        assert client.request(method, path, headers=headers).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("ws://127.0.0.1:8321/socket", headers=headers),
    ):
        pass


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://127.0.0.1:8321"}, {"sec-fetch-site": "same-origin"}]
)
def test_our_own_pages_and_scripts_do(client, headers):
    assert client.post("/api/scenarios/crossroads/preview", headers=headers).status_code == 200
    with client.websocket_connect(
        "ws://127.0.0.1:8321/socket", headers={"host": "127.0.0.1:8321", **headers}
    ) as socket:
        assert socket.receive_text() == "in"


def test_a_socket_for_another_host_is_refused(client):
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("ws://127.0.0.1:8321/socket", headers={"host": "evil.example"}),
    ):
        pass


def test_headers_stand_on_every_answer(client):
    for answer in (
        client.get("/api/scenarios"),
        client.get("/nowhere"),
        client.get("/api/scenarios", headers={"host": "evil.example"}),
    ):
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_nothing_without_the_password(service, sessions):
    client = client_of(service, Access(sessions=sessions))
    for path in ("/api/scenarios", "/docs", "/api/openapi.json", "/_nicegui/x", "/nowhere"):
        assert client.get(path).status_code == 401
    to_login = client.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    assert (to_login.status_code, to_login.headers["location"]) == (303, "/login")
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("ws://127.0.0.1:8321/socket", headers={"host": "127.0.0.1:8321"}),
    ):
        pass


def test_signing_in_and_out(service, sessions):
    client = client_of(service, Access(sessions=sessions))
    wrong = client.post("/login", data={"password": "something else"})
    assert wrong.status_code == 401
    assert client.get("/api/scenarios").status_code == 401
    right = client.post("/login", data={"password": PASSWORD}, follow_redirects=False)
    assert right.status_code == 303
    cookie = right.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert client.get("/api/scenarios").status_code == 200
    with client.websocket_connect("ws://127.0.0.1:8321/socket", headers={"host": "127.0.0.1:8321"}) as socket:
        assert socket.receive_text() == "in"
    client.post("/logout", follow_redirects=False)
    assert client.get("/api/scenarios").status_code == 401


def test_a_forged_cookie_is_no_cookie(service, sessions):
    import base64

    from starlette.middleware.sessions import SessionMiddleware  # noqa: F401

    client = client_of(service, Access(sessions=sessions))
    forged = base64.b64encode(b'{"signed-in": true}').decode() + ".aaaaaa.AAAAAAAAAAAAAAAAAAAAAAAAAAA"
    client.cookies.set(COOKIE, forged)
    assert client.get("/api/scenarios").status_code == 401


def test_the_cookie_is_for_tls_alone_where_there_is_tls(service, sessions):
    client = client_of(service, Access(sessions=sessions), secure=True, base="https://127.0.0.1:8321")
    right = client.post("/login", data={"password": PASSWORD}, follow_redirects=False)
    assert "secure" in right.headers["set-cookie"].lower().split("; ")


def test_scripts_give_the_password_each_time(service, sessions):
    client = client_of(service, Access(sessions=sessions, logins_per_minute=60))
    assert client.get("/api/scenarios", auth=("anybody", PASSWORD)).status_code == 200
    assert client.get("/api/scenarios", auth=("anybody", "wrong")).status_code == 401
    assert client.get("/api/scenarios", headers={"authorization": "Basic !!"}).status_code == 401
    assert client.get("/api/scenarios", headers={"authorization": "Bearer x"}).status_code == 401


def test_passwords_cannot_be_tried_for_long(service, sessions):
    client = client_of(service, Access(sessions=sessions, logins_per_minute=3))
    codes = [client.post("/login", data={"password": f"wrong {n}"}).status_code for n in range(5)]
    assert codes == [401, 401, 401, 429, 429]
    assert client.post("/login", data={"password": PASSWORD}).status_code == 429


def test_too_many_requests_are_refused(service):
    client = client_of(service, Access(requests_per_minute=1, burst=3))
    codes = [client.get("/api/scenarios").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert int(client.get("/api/scenarios").headers["retry-after"]) >= 1


def test_who_keeps_no_cookie_is_no_newcomer_each_time(service):
    client = client_of(service, Access(requests_per_minute=1, burst=3))
    codes = []
    for _ in range(5):
        client.cookies.clear()
        codes.append(client.get("/api/scenarios", headers={"accept": "text/html"}).status_code)
    assert codes == [200, 200, 200, 429, 429]


def test_browsers_with_a_name_have_a_limit_each(service):
    one, other = (client_of(service, Access(requests_per_minute=1, burst=3)) for _ in range(2))
    other.app = one.app
    for client in (one, other):
        client.get("/api/scenarios", headers={"accept": "text/html"})
    codes = [client.get("/api/scenarios").status_code for client in (one, other) for _ in range(4)]
    assert codes == [200, 200, 200, 429] * 2


def test_a_script_with_the_password_may_go_on(service, sessions):
    client = client_of(service, Access(sessions=sessions, logins_per_minute=2))
    right, wrong = ("anybody", PASSWORD), ("anybody", "wrong")
    codes = [client.get("/api/scenarios", auth=right).status_code for _ in range(6)]
    assert codes == [200] * 6
    codes = [client.get("/api/scenarios", auth=wrong).status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    # Else the right one could be found among many by its answer.
    assert client.get("/api/scenarios", auth=right).status_code == 429


def test_many_addresses_may_try_no_more_often(service, sessions):
    access = Access(sessions=sessions, logins_per_minute=3, all_logins_per_minute=4)
    app = client_of(service, access).app
    codes = []
    for number in range(6):
        client = client_at(app, client=(f"10.0.0.{number}", 1))
        codes.append(client.post("/login", data={"password": "wrong"}).status_code)
    assert codes == [401] * 4 + [429] * 2


def test_open_sockets_are_counted_and_given_back(service):
    client = client_of(service, Access(sockets=2))
    with socket_of(client), socket_of(client), pytest.raises(WebSocketDisconnect), socket_of(client):
        pass
    with socket_of(client) as again:
        assert again.receive_text() == "in"


def test_all_open_sockets_are_counted(service):
    app = client_of(service, Access(all_sockets=2)).app
    clients = [client_at(app, client=(f"10.0.0.{number}", 1)) for number in range(3)]
    with (
        socket_of(clients[0]),
        socket_of(clients[1]),
        pytest.raises(WebSocketDisconnect),
        socket_of(clients[2]),
    ):
        pass


def test_a_flood_of_sockets_is_slowed_down(service):
    client = client_of(service, Access(requests_per_minute=1, burst=1))
    for _ in range(5):
        with socket_of(client) as socket:
            assert socket.receive_text() == "in"
    with pytest.raises(WebSocketDisconnect), socket_of(client):
        pass
    # The same for a browser without sockets, which asks again and again.
    assert client.get("/_nicegui_ws/socket.io/").status_code == 429


@pytest.mark.parametrize(
    "path",
    [
        "/api/scenarios/..%2f..%2fsecret/document",
        "/api/scenarios/%00/document",
        "/api/scenarios/idlib-2018%00.yaml/document",
        "/api/outlooks/..%2f..%2f..%2f/files/secret",
        "/api/outlooks/0123456789abcdef/files/..%2f..%2f..%2fsecret",
        "/api/updates/..%5c..%5csecret",
        "/api/jobs/%2e%2e%2f%2e%2e%2fsecret",
        "/_nicegui/../secret",
        "/..%2f..%2fsecret",
        "/login.css/../../secret",
    ],
)
def test_names_of_paths_lead_nowhere(client, service, path):
    secret = service.workspace.secret()
    answer = client.get(path)
    assert answer.status_code in (404, 400, 422)
    assert secret not in answer.text
    assert str(service.workspace.folder) not in answer.text


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None]
)
def test_a_form_of_another_site_starts_nothing(client, service, kind):
    """What a page elsewhere can send without asking first: a form, with cookies, with no header of ours."""
    headers = {"origin": "http://evil.example", "host": "127.0.0.1:8321"}
    if kind:
        headers["content-type"] = kind
    for path in ("/api/scenarios/crossroads/forecasts", "/api/scenarios", "/api/ledger/reports"):
        assert client.post(path, content=b'{"document": "x"}', headers=headers).status_code == 403
    assert service.jobs.of_user("address testclient") == ()


def pieces():
    for _ in range(MOST_BODY_BYTES // 2**20 + 2):
        yield b"x" * 2**20


def test_too_much_is_refused_whatever_it_says_of_itself(client):
    json = {"content-type": "application/json"}
    stated = client.post("/api/reports/read", content=b"x" * (MOST_BODY_BYTES + 1), headers=json)
    assert stated.status_code == 413
    unstated = client.post("/api/reports/read", content=pieces(), headers=json)
    assert unstated.status_code == 413
    nonsense = client.post("/api/reports/read", content=b"{}", headers={**json, "content-length": "-1"})
    assert nonsense.status_code in (400, 413)
