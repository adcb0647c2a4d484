using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <summary>
    /// Calls, and what is written of a call, lie in partitions by the month of the call's id (docs/adr/0022-monthly-partitions.md). The model does
    /// not know: it differs in that a key has to contain what is partitioned by, and in that each partition refers to the calls of its own month.
    /// </summary>
    public partial class MonthlyPartitions : Migration
    {
        /// <summary>The tables, what they are partitioned by, and their keys then and before. Calls come first: the others refer to them.</summary>
        private static readonly (string Table, string By, string Key, string KeyBefore)[] Tables =
        [
            ("Calls", "Id", "\"Id\"", "\"Id\""),
            ("LedgerEntries", "CallId", "\"Id\", \"CallId\"", "\"Id\""),
            ("CallAttempts", "CallId", "\"CallId\", \"Number\"", "\"CallId\", \"Number\""),
            ("CapturedContents", "CallId", "\"Id\", \"CallId\"", "\"Id\""),
        ];

        private const string MonthsOfCalls =
            """
            SELECT governance_month_of("Id") FROM "Calls_before"
            UNION SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date
            UNION SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month')::date
            """;

        private const string MonthsAsOfCalls =
            """
            SELECT to_date(relname, '"Calls_"YYYY_MM') FROM pg_inherits JOIN pg_class ON oid = inhrelid
            WHERE inhparent = '"Calls"'::regclass AND relname <> 'Calls_default'
            """;

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                -- The smallest version-7 id of a month, which begins with its first millisecond in UTC.
                CREATE FUNCTION governance_month_bound(month date) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS
                $$ SELECT (lpad(to_hex((extract(epoch FROM month::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$;

                CREATE FUNCTION governance_month_of(id uuid) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS
                $$ SELECT date_trunc('month', timestamp 'epoch'
                    + ('x0000' || left(id::text, 8) || substr(id::text, 10, 4))::bit(64)::bigint * interval '1 millisecond')::date $$;
                """);
            migrationBuilder.Sql(AddMonth);

            foreach (var (table, _, _, _) in Tables[1..]) migrationBuilder.Sql($"""ALTER TABLE "{table}" DROP CONSTRAINT "FK_{table}_Calls_CallId";""");
            foreach (var (table, by, key, _) in Tables)
                Remake(migrationBuilder, table, $"PARTITION BY RANGE (\"{by}\")", key, Partitions(table, table == "Calls" ? MonthsOfCalls : MonthsAsOfCalls));

            foreach (var (table, _, _, _) in Tables[1..])
            {
                migrationBuilder.Sql(
                    $"""
                    DO $$
                    DECLARE month text;
                    BEGIN
                        FOR month IN SELECT substr(relname, length('Calls_') + 1) FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = '"Calls"'::regclass
                        LOOP
                            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY ("CallId") REFERENCES %I ("Id") ON DELETE RESTRICT',
                                '{table}_' || month, 'FK_{table}_Calls_CallId', 'Calls_' || month);
                        END LOOP;
                    END $$;
                    """);
            }

            foreach (var (table, _, _, _) in Tables) migrationBuilder.Sql($"""ANALYZE "{table}";"""); // Nobody else does it for what has partitions.
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var (table, _, _, key) in Tables.Reverse()) Remake(migrationBuilder, table, "", key, "");
            foreach (var (table, _, _, _) in Tables[1..])
                migrationBuilder.Sql($"""ALTER TABLE "{table}" ADD CONSTRAINT "FK_{table}_Calls_CallId" FOREIGN KEY ("CallId") REFERENCES "Calls" ("Id") ON DELETE RESTRICT;""");
            migrationBuilder.Sql(
                """
                DROP FUNCTION governance_add_month(date);
                DROP FUNCTION governance_month_of(uuid);
                DROP FUNCTION governance_month_bound(date);
                """);
        }

        /// <summary>
        /// Puts another table of the same columns in a table's place, with all rows, indices, references, triggers and rights of the one before,
        /// whatever they are. Indices come after the rows, because they are then made in one go.
        /// </summary>
        private static void Remake(MigrationBuilder migration, string table, string partitioning, string key, string partitions) =>
            migration.Sql(
                $"""
                DO $$
                DECLARE kept text[]; statement text; month date;
                BEGIN
                    SELECT coalesce(array_agg(made), '{"{}"}') INTO kept FROM (
                        SELECT pg_get_indexdef(indexrelid) AS made FROM pg_index WHERE indrelid = '"{table}"'::regclass AND NOT indisprimary
                        UNION ALL SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', '{table}', conname, pg_get_constraintdef(oid))
                            FROM pg_constraint WHERE conrelid = '"{table}"'::regclass AND contype = 'f'
                        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = '"{table}"'::regclass AND NOT tgisinternal
                        UNION ALL SELECT format('GRANT %s ON %I TO %s', privilege_type, '{table}', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
                            FROM pg_class, aclexplode(relacl) WHERE oid = '"{table}"'::regclass AND grantee <> relowner) AS what;

                    ALTER TABLE "{table}" RENAME TO "{table}_before";
                    CREATE TABLE "{table}" (LIKE "{table}_before" INCLUDING ALL EXCLUDING INDEXES) {partitioning};
                    {partitions}
                    INSERT INTO "{table}" SELECT * FROM "{table}_before";
                    DROP TABLE "{table}_before";
                    ALTER TABLE "{table}" ADD CONSTRAINT "PK_{table}" PRIMARY KEY ({key});
                    FOREACH statement IN ARRAY kept LOOP EXECUTE statement; END LOOP;
                END $$;
                """);

        private static string Partitions(string table, string months) =>
            $"""
            CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT;
            FOR month IN {months} LOOP
                EXECUTE format('CREATE TABLE %I PARTITION OF "{table}" FOR VALUES FROM (%L) TO (%L)',
                    '{table}_' || to_char(month, 'YYYY_MM'), governance_month_bound(month), governance_month_bound((month + interval '1 month')::date));
            END LOOP;
            """;

        /// <summary>
        /// Adds a month's partitions to all tables at once, and moves what stands in the default partitions of it. It gives up before anybody
        /// who writes and waits for it is taken for a deadlock (after a second, unless the server was told otherwise).
        /// </summary>
        private const string AddMonth =
            """
            CREATE FUNCTION governance_add_month(month date) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '500ms' AS
            $$
            DECLARE
                tables CONSTANT text[] := ARRAY['LedgerEntries', 'CallAttempts', 'CapturedContents', 'Calls'];
                suffix CONSTANT text := to_char(month, '"_"YYYY_MM');
                first CONSTANT uuid := governance_month_bound(date_trunc('month', month)::date);
                stop CONSTANT uuid := governance_month_bound((date_trunc('month', month) + interval '1 month')::date);
                name text;
                key text;
            BEGIN
                -- 1. One at a time. A table of that name is the month's, attached or put aside by somebody. (to_regclass may not know yet what another
                --    session has just made, because nothing that was locked here told it to look again.)
                PERFORM pg_advisory_xact_lock(7012028);
                IF EXISTS (SELECT FROM pg_class WHERE relname = 'Calls' || suffix AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = '"Calls"'::regclass))
                    THEN RETURN false; END IF;

                -- 2. Tables of their own, which nobody sees yet.
                FOREACH name IN ARRAY tables LOOP EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name || suffix, name); END LOOP;

                -- 3. Writes into a month that is not over: none that has chosen the default partition may still be on its way. Into one that is over only
                --    imports write, for which the others need not wait.
                IF stop > governance_month_bound((now() AT TIME ZONE 'UTC')::date) THEN
                    LOCK TABLE ONLY "Calls", ONLY "LedgerEntries", ONLY "CallAttempts", ONLY "CapturedContents" IN SHARE ROW EXCLUSIVE MODE;
                END IF;

                -- 4. What the default partitions have of the month. Who needs those waits from here on; calls last, because the others refer to them.
                LOCK TABLE "Calls_default", "LedgerEntries_default", "CallAttempts_default", "CapturedContents_default" IN ACCESS EXCLUSIVE MODE;
                FOREACH name IN ARRAY tables LOOP
                    key := CASE name WHEN 'Calls' THEN 'Id' ELSE 'CallId' END;
                    EXECUTE format('INSERT INTO %1$I SELECT * FROM %2$I WHERE %3$I >= %4$L AND %3$I < %5$L', name || suffix, name || '_default', key, first, stop);
                    EXECUTE format('DELETE FROM %1$I WHERE %2$I >= %3$L AND %2$I < %4$L', name || '_default', key, first, stop);
                END LOOP;

                -- 5. References within the month, and into service.
                FOREACH name IN ARRAY tables LOOP
                    IF name <> 'Calls' THEN
                        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY ("CallId") REFERENCES %I ("Id") ON DELETE RESTRICT',
                            name || suffix, 'FK_' || name || '_Calls_CallId', 'Calls' || suffix);
                    END IF;
                    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, name || suffix, first, stop);
                END LOOP;
                RETURN true;
            END $$;
            """;
    }
}
