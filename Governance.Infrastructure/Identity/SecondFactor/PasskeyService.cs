using System.Buffers.Text;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">Its credential id in Base64url.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record PasskeyRow(string Id, string Name, DateTimeOffset CreatedAt);

/// <summary>Lists, adds and removes a person's own passkeys. Adding and removing needs a recent proof of who they are.</summary>
public sealed class PasskeyService(GovernanceDatabase database, SessionService sessions, AuditTrail audit)
{
    private const int MaxNameLength = 60;

    /// <summary>More than anybody needs.</summary>
    private const int MaxPasskeys = 20;

    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await db.UserPasskeys.AsNoTracking().Where(passkey => passkey.UserId == actor.Id).ToListAsync(cancellation);
        return
        [
            .. rows.Select(row => new PasskeyRow(Base64Url.EncodeToString(row.CredentialId), row.Data.Name ?? "Passkey", row.Data.CreatedAt))
                .OrderBy(row => row.CreatedAt),
        ];
    }

    /// <summary>Saves a passkey whose attestation was checked.</summary>
    public async Task<Result> AddAsync(UserManager<Person> users, Actor actor, UserPasskeyInfo passkey, string name, CancellationToken cancellation)
    {
        name = name.Trim();
        if (name.Length is 0 or > MaxNameLength) return Refusal.Invalid("Name", $"Name the passkey in 1 to {MaxNameLength} characters, such as the device it is on.");
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;
        if ((await ListAsync(actor, cancellation)).Count >= MaxPasskeys) return Refusal.Conflict($"There are {MaxPasskeys} passkeys already. Remove one first.");

        passkey.Name = name;
        var person = await users.FindByIdAsync(actor.Id!.Value.ToString());
        var saved = await users.AddOrUpdatePasskeyAsync(person!, passkey);
        if (!saved.Succeeded) return Refusal.Conflict("The passkey could not be saved. Try again.");
        await RecordAsync(actor, "passkey.added", cancellation);
        return Result.Ok;
    }

    public async Task<Result> RemoveAsync(Actor actor, string id, CancellationToken cancellation)
    {
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;
        if (!Base64Url.IsValid(id)) return Refusal.NotFound("There is no such passkey.");
        var credential = Base64Url.DecodeFromChars(id);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var removed = await db.UserPasskeys.Where(passkey => passkey.UserId == actor.Id && passkey.CredentialId == credential).ExecuteDeleteAsync(cancellation);
        if (removed == 0) return Refusal.NotFound("There is no such passkey.");
        await RecordAsync(actor, "passkey.removed", cancellation);
        return Result.Ok;
    }

    private async Task RecordAsync(Actor actor, string action, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        audit.Record(db, actor, action, "person", actor.Id!.Value.ToString("n"));
        await db.SaveChangesAsync(cancellation);
    }
}
