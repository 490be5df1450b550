-- Scenes that a change defines from its first day on, beside the numbers it replaces.
-- JSON: code, from, open, family, name, formula, measure, unit, credit, why, evidence, unique, max_per_act, limits, factors, source of each scene
ALTER TABLE parameter_change ADD COLUMN scenes TEXT NOT NULL DEFAULT '[]';
