using System.Globalization;
using CsvHelper;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Components.Shared;

/// <summary>Streams a page's rows as CSV. Cells that a spreadsheet would run as a formula are escaped.</summary>
internal static class CsvDownload
{
    /// <summary>Excel takes a file without a byte order mark for another encoding.</summary>
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    public static PushStreamHttpResult Stream(string fileName, Func<CsvWriter, CancellationToken, Task> write, CancellationToken cancellation) =>
        TypedResults.Stream(
            async body =>
            {
                await using var csv = CsvWriter.Create(body, Options, leaveOpen: true);
                await write(csv, cancellation);
                await csv.FlushAsync(cancellation);
            },
            "text/csv; charset=utf-8",
            fileName);

    /// <summary>Dollars with all nine decimals, so that a sum of the cells is the ledger's.</summary>
    public static void WriteDollars(this CsvWriter csv, Money money) => csv.WriteField(money.Dollars, "0.000000000");

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset? instant) => instant is { } known ? Instant(known) : "";

    /// <summary>Who downloads, and from which organisation.</summary>
    public static async Task<(Actor Actor, Organization Organization)> ReaderAsync(HttpContext http, OrganizationService organizations)
    {
        var actor = http.User.ToActor(http);
        var organization = await organizations.FindAsync(actor.OrganizationId, http.RequestAborted);
        return (actor, organization ?? throw new InvalidOperationException("The organisation of whoever is signed in is gone."));
    }
}
