import numpy as np
import pytest

from forewarn.forecast.updating.smoother import effective, log_evidence, select, smooth, trust


def rng(seed=1):
    return np.random.Generator(np.random.Philox(seed))


def learn(z, predict, observed, covariance, steps=4, seed=2):
    noise = rng(seed)
    for _ in range(steps):
        z = smooth(
            z,
            predict(z),
            observed,
            covariance,
            noise.standard_normal((len(z), len(observed))),
            inflation=steps,
        )
    return z


def test_a_straight_line_gives_the_posterior_of_the_textbook():
    """Prior N(0, I), observed Hz + e: posterior mean and covariance in closed form; 20,000 members, 3 %."""
    h = np.array([[1.0, 0.5], [0.0, 2.0], [1.0, -1.0]])
    r = np.diag([0.5, 1.0, 2.0])
    y = np.array([1.0, -1.0, 0.5])
    precision = np.eye(2) + h.T @ np.linalg.inv(r) @ h
    mean = np.linalg.solve(precision, h.T @ np.linalg.solve(r, y))
    z = learn(rng().standard_normal((20_000, 2)), lambda z: z @ h.T, y, r)
    assert z.mean(axis=0) == pytest.approx(mean, abs=0.03)
    assert np.cov(z.T) == pytest.approx(np.linalg.inv(precision), abs=0.03)


def test_errors_that_go_together_count_as_one():
    """Two counts whose errors are nearly the same tell what one tells."""
    same = np.array([[1.0, 0.999], [0.999, 1.0]])
    z = rng().standard_normal((20_000, 1))
    twice = learn(z, lambda z: np.repeat(z, 2, axis=1), np.array([1.0, 1.0]), same)
    once = learn(z, lambda z: z, np.array([1.0]), np.eye(1))
    apart = learn(z, lambda z: np.repeat(z, 2, axis=1), np.array([1.0, 1.0]), np.eye(2))
    assert twice.mean() == pytest.approx(once.mean(), abs=0.02)
    assert apart.mean() > once.mean() + 0.1


def test_numbers_that_have_nothing_to_do_with_the_counts_stay_put():
    z = rng().standard_normal((200, 300))
    after = learn(z, lambda z: z[:, :1], np.array([2.0]), np.eye(1) * 0.1)
    gone = 1 - after.var(axis=0) / z.var(axis=0)
    assert gone[0] > 0.7
    assert np.abs(gone[1:]).mean() < 0.01


def test_without_trust_chance_correlations_would_teach(monkeypatch):
    """The negative control of the test above."""
    import forewarn.forecast.updating.smoother as module

    monkeypatch.setattr(module, "trust", lambda scores, predicted, different: 1.0)
    z = rng().standard_normal((200, 300))
    after = learn(z, lambda z: z[:, :1], np.array([2.0]), np.eye(1) * 0.1)
    assert np.abs(after[:, 1:] - z[:, 1:]).mean() > 0.05


def test_trust_leaves_strong_correlations_alone():
    x = rng().standard_normal((400, 1))
    x -= x.mean()
    assert trust(x, x, 400)[0, 0] > 0.99
    assert trust(x, np.zeros_like(x), 400)[0, 0] == 0.0


def test_evidence_of_a_normal_prediction_is_its_density():
    predicted = rng().standard_normal((4000, 1))
    found = log_evidence(predicted, np.array([0.5]), np.eye(1) * 0.25)
    exact = -0.5 * (0.5**2 / 1.25 + np.log(2 * np.pi * 1.25))
    assert found == pytest.approx(exact, abs=0.03)


def test_evidence_knows_members_of_whom_nothing_was_to_be_seen_yet():
    """Half of the members predict exactly what was seen: their share counts, however narrow it is."""
    half = np.concatenate([np.zeros((100, 3)), 5 + rng().standard_normal((100, 3))])
    narrow = np.eye(3) * 1e-4
    gain = log_evidence(np.zeros((200, 3)), np.zeros(3), narrow) - log_evidence(half, np.zeros(3), narrow)
    assert 0.5 < gain < 1.5


def test_members_divided_sharply_are_chosen_by_importance():
    logs = np.where(np.arange(100) < 40, 0.0, -50.0)
    chosen, power = select(logs, 0.5, fewest=25)
    assert power == 1.0
    assert (chosen < 40).all()
    assert len(np.unique(chosen)) == 40


def test_where_counts_speak_of_many_numbers_nobody_is_chosen():
    logs = -0.5 * (rng().standard_normal((100, 200)) ** 2).sum(axis=1) * 10
    chosen, power = select(logs, 0.5, fewest=25)
    assert power == 0.0
    assert np.array_equal(chosen, np.arange(100))


def test_effective_number_of_equal_weights_is_all():
    assert effective(np.full(7, -3.0)) == 7.0
