using CsvHelper;
using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs.Recurring;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Prices.Charges;

/// <summary>All recurring charges as a download, ended ones too.</summary>
internal static class ChargesCsv
{
    public static void MapChargesCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet(Links.ChargesCsv, GetAsync)
        .RequireAuthorization(Permissions.PricesRead)
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, ChargeQueries queries, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var rows = await queries.ListAsync(actor, cancellation);
        return CsvDownload.Stream("recurring-charges.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(
            [
                "charge_id", "provider", "kind", "description", "amount_usd", "currency", "period", "team", "first_day", "last_day", "ended_after",
                "created_at", "ended_at",
            ]);
            foreach (var (charge, team) in rows)
            {
                csv.WriteField(PublicId.Format(PublicId.Charge, charge.Id));
                csv.WriteField(charge.Provider);
                csv.WriteField(charge.Kind.ToString());
                csv.WriteField(charge.Description);
                csv.WriteDollars(new Money(charge.AmountNanoUsd));
                csv.WriteField(charge.Currency);
                csv.WriteField(charge.Period.ToString());
                csv.WriteField(team);
                csv.WriteField(charge.FirstDay);
                csv.WriteField(charge.LastDay);
                csv.WriteField(charge.EndedAfter);
                csv.WriteField(CsvDownload.Instant(charge.CreatedAt));
                csv.WriteField(CsvDownload.Instant(charge.EndedAt));
                await csv.EndRecordAsync(token);
            }
        }
    }
}
