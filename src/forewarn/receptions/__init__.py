"""Where people went in past offensives: tables, nearest cases, fitted models, and what these are worth."""

from forewarn.receptions.choices import DestinationCase
from forewarn.receptions.flow_tables import read_flows
from forewarn.receptions.flows import Flow, FlowPlace, FlowTable, flow_cases
from forewarn.receptions.likeness import (
    MovementWords,
    PastDestinations,
    nearest_destinations,
    parse_words,
    past_destinations,
)
from forewarn.receptions.listing import reception_cases
from forewarn.receptions.logit import DestinationLogit, Penalties, fit_logit
from forewarn.receptions.scoring import DestinationScores
from forewarn.receptions.shipped import load_fitted, load_scores, score_shipped
from forewarn.receptions.tables import ReceptionTables, load_receptions, read_receptions

__all__ = [
    "DestinationCase",
    "DestinationLogit",
    "DestinationScores",
    "Flow",
    "FlowPlace",
    "FlowTable",
    "MovementWords",
    "PastDestinations",
    "Penalties",
    "ReceptionTables",
    "fit_logit",
    "flow_cases",
    "load_fitted",
    "load_receptions",
    "load_scores",
    "nearest_destinations",
    "parse_words",
    "past_destinations",
    "read_flows",
    "read_receptions",
    "reception_cases",
    "score_shipped",
]
