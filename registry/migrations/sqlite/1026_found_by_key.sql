-- A block that is cut at its end is referred to by the block after it: without this index the database reads every block of the class to see
-- whether one does.
CREATE INDEX serial_block_by_previous ON serial_block (class_id, previous_end);
-- What a holder has, without reading what everybody has.
CREATE INDEX ledger_account_by_holder ON ledger_account (holder_id, kind, class_id);
-- What is read by day, by the land of a claim, by the end of a suspension and by name.
CREATE INDEX inclusion_activity_settled ON inclusion_activity (day, scene, region, account_id, mg) WHERE state = 'settled';
CREATE INDEX event_unit_by_claim ON event_unit (claim_id) WHERE claim_id IS NOT NULL;
CREATE INDEX inclusion_account_suspended ON inclusion_account (suspended_until) WHERE state = 'suspended';
CREATE INDEX organisation_by_name ON organisation (name);

-- Whoever enters an act waits for the tables that refer to it: the entry is written last, its rows are there before it, and SQLite looks for
-- them in every such table. Without an index it reads these tables from end to end, at every act. (PostgreSQL does not look.)
CREATE INDEX calculation_by_act ON calculation (act_id);
CREATE INDEX assessment_by_act ON assessment (act_id);
CREATE INDEX boundary_by_act ON boundary (act_id);
CREATE INDEX attachment_by_act ON attachment (act_id);
CREATE INDEX parameter_change_by_act ON parameter_change (act_id);
CREATE INDEX parameter_decision_by_act ON parameter_decision (act_id);
CREATE INDEX parameter_set_by_act ON parameter_set (act_id);
CREATE INDEX ending_by_act ON ending (act_id);
CREATE INDEX deregistration_request_by_act ON deregistration_request (act_id);
CREATE INDEX owner_ban_by_act ON owner_ban (act_id);
CREATE INDEX engagement_member_by_act ON engagement_member (act_id);
CREATE INDEX engagement_visit_by_act ON engagement_visit (act_id);
CREATE INDEX finding_by_act ON finding (act_id);
CREATE INDEX finding_step_by_act ON finding_step (act_id);
CREATE INDEX tie_by_act ON tie (act_id);
CREATE INDEX account_application_by_act ON account_application (act_id);
CREATE INDEX credit_order_by_act ON credit_order (act_id);
CREATE INDEX credit_order_decision_by_act ON credit_order_decision (act_id);
CREATE INDEX rule_change_by_act ON rule_change (act_id);
CREATE INDEX rule_decision_by_act ON rule_decision (act_id);
CREATE INDEX rule_version_by_act ON rule_version (act_id);
CREATE INDEX publicity_extension_by_act ON publicity_extension (act_id);
CREATE INDEX certificate_request_by_act ON certificate_request (act_id);
CREATE INDEX claim_by_act ON claim (act_id);
CREATE INDEX project_change_by_act ON project_change (act_id);
CREATE INDEX complaint_by_act ON complaint (act_id);
CREATE INDEX suspended_author_by_act ON suspended_author (act_id);
CREATE INDEX inclusion_provider_by_act ON inclusion_provider (act_id);
CREATE INDEX inclusion_consent_by_act ON inclusion_consent (act_id);
CREATE INDEX inclusion_activity_by_act ON inclusion_activity (act_id);
CREATE INDEX inclusion_transfer_by_act ON inclusion_transfer (act_id);
CREATE INDEX inclusion_point_transfer_by_act ON inclusion_point_transfer (act_id);
CREATE INDEX inclusion_goods_by_act ON inclusion_goods (act_id);
CREATE INDEX inclusion_campaign_by_act ON inclusion_campaign (act_id);
CREATE INDEX inclusion_batch_by_act ON inclusion_batch (act_id);
CREATE INDEX event_by_act ON event (act_id);
CREATE INDEX event_footprint_by_act ON event_footprint (act_id);
CREATE INDEX event_unit_by_act ON event_unit (act_id);
CREATE INDEX event_version_by_act ON event_version (act_id);
CREATE INDEX event_supplier_by_act ON event_supplier (act_id);
CREATE INDEX neutral_claim_by_act ON neutral_claim (act_id);
CREATE INDEX neutral_unit_by_act ON neutral_unit (act_id);
CREATE INDEX neutral_version_by_act ON neutral_version (act_id);
CREATE INDEX credit_payment_by_act ON credit_payment (act_id);
CREATE INDEX inclusion_group_by_act ON inclusion_group (act_id);
CREATE INDEX inclusion_group_member_by_act ON inclusion_group_member (act_id);
CREATE INDEX inclusion_expiry_by_act ON inclusion_expiry (act_id);
CREATE INDEX inclusion_decision_by_act ON inclusion_decision (act_id);
CREATE INDEX inclusion_appeal_by_act ON inclusion_appeal (act_id);
CREATE INDEX inclusion_import_by_act ON inclusion_import (act_id);
CREATE INDEX inclusion_cost_by_act ON inclusion_cost (act_id);
CREATE INDEX event_organiser_by_act ON event_organiser (act_id);
CREATE INDEX event_overlap_by_act ON event_overlap (act_id);
CREATE INDEX inclusion_city_month_by_act ON inclusion_city_month (act_id);
CREATE INDEX inclusion_identity_by_act ON inclusion_identity (act_id);
CREATE INDEX inclusion_precedence_change_by_act ON inclusion_precedence_change (act_id);
CREATE INDEX inclusion_precedence_decision_by_act ON inclusion_precedence_decision (act_id);

-- One question for each key: a question with OR may read the whole table.
DROP TRIGGER retirement_never_replaced;
CREATE TRIGGER retirement_never_replaced BEFORE INSERT ON retirement
WHEN EXISTS (SELECT 1 FROM retirement WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM retirement WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM retirement WHERE act_id = NEW.act_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'retirement_never_replaced'); END;
DROP TRIGGER neutral_unit_never_replaced;
CREATE TRIGGER neutral_unit_never_replaced BEFORE INSERT ON neutral_unit
WHEN EXISTS (SELECT 1 FROM neutral_unit WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM neutral_unit WHERE retirement_id = NEW.retirement_id)
BEGIN SELECT RAISE(ABORT, 'neutral_unit_never_replaced'); END;
DROP TRIGGER certificate_version_never_replaced;
CREATE TRIGGER certificate_version_never_replaced BEFORE INSERT ON certificate_version
WHEN EXISTS (SELECT 1 FROM certificate_version WHERE retirement_id = NEW.retirement_id AND version = NEW.version)
    OR EXISTS (SELECT 1 FROM certificate_version WHERE act_id = NEW.act_id)
BEGIN SELECT RAISE(ABORT, 'certificate_version_never_replaced'); END;
-- The same for the records of the world: they are written before the act that they stand for.
CREATE INDEX inclusion_fingerprint_by_activity ON inclusion_fingerprint (account_id, activity_id);
CREATE INDEX event_version_by_footprint ON event_version (footprint_id);
CREATE INDEX inclusion_import_by_provider ON inclusion_import (provider_id);
CREATE INDEX inclusion_precedence_change_by_provider ON inclusion_precedence_change (provider_id);
