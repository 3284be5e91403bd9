"""The parts of a drafted scenario document: courses, claims, model, notes, and what each number rests on."""
