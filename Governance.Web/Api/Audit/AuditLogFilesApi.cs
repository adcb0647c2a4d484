using System.Globalization;
using System.Net.Mime;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api.Audit;

/// <summary>The keys with which a log was signed.</summary>
/// <param name="Keys">Verifier keys (C2SP signed-note), oldest first.</param>
/// <param name="Handovers">For each change of the key the checkpoint that the older and the newer key have signed.</param>
public sealed record AuditKeyList(IReadOnlyList<string> Keys, IReadOnlyList<string> Handovers);

/// <summary>The log as C2SP tlog-tiles: docs/audit-log.md.</summary>
internal static class AuditLogFilesApi
{
    /// <summary>A full tile never changes. It is for whoever was let to see it, not for caches on the way, and not for another token.</summary>
    private const string FullTileCaching = "private, max-age=31536000, immutable";

    private static readonly ProblemHttpResult NoTile =
        ApiProblems.NotFound("The newest checkpoint covers no such tile. Tiles are named as in C2SP tlog-tiles, such as tile/0/x001/234 or tile/0/000.p/8.");

    public static void MapAuditLogFiles(this RouteGroupBuilder audit)
    {
        var log = audit.MapGroup("/log").RequireAuthorization(Permissions.AuditRead);
        log.MapGet("/checkpoint", CheckpointAsync).WithName("GetAuditCheckpoint").WithSummary("The newest checkpoint, a signed note.")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.Plain);
        log.MapGet("/keys", KeysAsync).WithName("GetAuditKeys").WithSummary("The verifier keys that have ever signed.");
        log.MapGet("/tile/entries/{**index}", EntriesAsync).WithName("GetAuditEntries").WithSummary("256 leaves (or fewer: 000.p/8), each behind its length.")
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet);
        log.MapGet("/tile/{level}/{**index}", TileAsync).WithName("GetAuditTile").WithSummary("256 hashes of a level (or fewer: 000.p/8).")
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> CheckpointAsync(HttpContext http, AuditLogFiles files) =>
        await files.CheckpointAsync(http.User.ToActor(http), http.RequestAborted) is { } note
            ? TypedResults.Content(note, "text/plain; charset=utf-8")
            : ApiProblems.NotFound("The log has no checkpoint yet. The first is signed seconds after the first event.");

    private static async Task<Ok<AuditKeyList>> KeysAsync(HttpContext http, AuditLogFiles files)
    {
        var keys = await files.KeysAsync(http.User.ToActor(http), http.RequestAborted);
        return TypedResults.Ok(new AuditKeyList([.. keys.Verifiers.Select(key => key.ToString())], keys.Handovers));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> TileAsync(HttpContext http, AuditLogFiles files, string level, string? index)
    {
        if (level is not [>= '0' and <= '9'] || !Tile.TryParse(index ?? "", out var number, out var width)) return NoTile;
        var tile = await files.TileAsync(http.User.ToActor(http), int.Parse(level, CultureInfo.InvariantCulture), number, width, http.RequestAborted);
        return Answer(http, tile, width);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> EntriesAsync(HttpContext http, AuditLogFiles files, string? index)
    {
        if (!Tile.TryParse(index ?? "", out var number, out var width)) return NoTile;
        return Answer(http, await files.EntriesAsync(http.User.ToActor(http), number, width, http.RequestAborted), width);
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Answer(HttpContext http, byte[]? tile, int width)
    {
        if (tile is null) return NoTile;
        if (width == Tile.Width) (http.Response.Headers.CacheControl, http.Response.Headers.Vary) = (FullTileCaching, "Authorization");
        return TypedResults.Bytes(tile, MediaTypeNames.Application.Octet);
    }
}
