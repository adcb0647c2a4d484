using Governance.Domain.Organizations;

namespace Governance.Web.Components.Shared;

/// <summary>Reads period and scope of a download's URL exactly as pages read theirs.</summary>
internal static class LedgerQuery
{
    public static PeriodChoice Period(IQueryCollection query, ReportingZone zone, TimeProvider time) =>
        PeriodChoice.Parse(query["period"], query["from"], query["to"], query["compare"], zone.DayOf(time.GetUtcNow()));

    public static CostScope Scope(IQueryCollection query) =>
        CostScope.Parse(query["team"], query["application"], query["key"], query["person"], query["provider"], query["model"]);
}
