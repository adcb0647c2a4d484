using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>The anchors.json of an export: of each place the newest deposit, and the newest that is a day older.</summary>
internal static class AuditAnchorsFile
{
    private const int MaxPlaces = 50;

    /// <param name="db">Sees the organisation.</param>
    /// <param name="size">The size of the export's tree; later deposits are not in it.</param>
    /// <param name="cancellation">Stops the query.</param>
    public static async Task<string> OfAsync(GovernanceDbContext db, long size, CancellationToken cancellation)
    {
        var places = await db.AuditDeposits.Where(deposit => deposit.Size <= size)
            .GroupBy(deposit => new { deposit.Kind, deposit.Target })
            .Select(place => new { place.Key.Kind, place.Key.Target, Size = place.Max(deposit => deposit.Size) })
            .OrderByDescending(place => place.Size).ThenBy(place => place.Target).Take(MaxPlaces)
            .ToListAsync(cancellation);
        var anchors = new JsonArray();
        foreach (var place in places)
        {
            var deposits = db.AuditDeposits.AsNoTracking().Where(deposit => deposit.Kind == place.Kind && deposit.Target == place.Target && deposit.Size <= place.Size)
                .OrderByDescending(deposit => deposit.Size);
            var newest = await deposits.FirstAsync(cancellation);
            anchors.Add(Of(newest));
            var dayBefore = newest.At.AddDays(-1);
            if (await deposits.Where(deposit => deposit.At <= dayBefore).FirstOrDefaultAsync(cancellation) is { } older) anchors.Add(Of(older));
        }

        return new JsonObject { ["anchors"] = anchors }.ToJsonString();
    }

    private static JsonObject Of(AuditDeposit deposit)
    {
        var json = new JsonObject
        {
            ["kind"] = AuditLeaf.NameOf(deposit.Kind),
            ["target"] = deposit.Target,
            ["size"] = deposit.Size,
            ["root"] = Convert.ToBase64String(deposit.Root),
            ["at"] = deposit.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        };
        if (deposit.Receipt is { } receipt) json["receipt"] = receipt;
        return json;
    }
}
