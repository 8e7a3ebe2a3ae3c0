"""Signing up, logging in and out, and who gets in where."""

from flask.testing import FlaskClient

from tests.cast import PASSWORD, Cast


def test_the_login_page_opens(client: FlaskClient) -> None:
    assert client.get("/log-in").status_code == 200


def test_a_person_logs_in_with_the_right_password(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/log-in", data={"email": cast.anna.email, "password": PASSWORD})

    assert answer.status_code == 303
    assert answer.location == "/c/bakkerij-anna/"
    assert "HttpOnly" in answer.headers["Set-Cookie"]


def test_a_wrong_password_gets_a_sentence(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/log-in", data={"email": cast.anna.email, "password": "not that one"})

    assert answer.status_code == 422
    assert "The e-mail address or the password is wrong." in answer.text


def test_a_new_company_signs_up_and_is_inside(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-up",
        data={
            "company_name": "Garage Éric SRL",
            "vat_number": "BE 0403.170.701",
            "name": "Éric",
            "email": "eric@example.be",
            "password": "une longue phrase",
        },
    )

    assert answer.status_code == 303
    assert answer.location == "/c/garage-eric/"
