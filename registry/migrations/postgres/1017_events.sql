-- Footprints and published versions of events are only added to (the same names as in migrations/sqlite).

CREATE TRIGGER event_footprint_never_updated BEFORE UPDATE ON event_footprint
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_footprint_never_updated');
CREATE TRIGGER event_footprint_never_deleted BEFORE DELETE ON event_footprint
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_footprint_never_deleted');
CREATE TRIGGER event_footprint_never_truncated BEFORE TRUNCATE ON event_footprint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_footprint_never_truncated');
CREATE TRIGGER event_version_never_updated BEFORE UPDATE ON event_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_version_never_updated');
CREATE TRIGGER event_version_never_deleted BEFORE DELETE ON event_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_version_never_deleted');
CREATE TRIGGER event_version_never_truncated BEFORE TRUNCATE ON event_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_version_never_truncated');
