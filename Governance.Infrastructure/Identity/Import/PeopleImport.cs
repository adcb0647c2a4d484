using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Invitations;

namespace Governance.Infrastructure.Identity.Import;

/// <summary>Invites many people at once, from a CSV file: first a preview that writes nothing, then all of them or nobody.</summary>
public sealed class PeopleImport(GovernanceDatabase database, AccessControl access, InvitationService invitations, AuditTrail audit)
{
    private const int RowsPerStep = 100;

    /// <summary>What an import would do, line by line.</summary>
    public async Task<Result<ImportPreview>> PreviewAsync(Actor actor, byte[] content, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } refusal) return refusal;
        var read = PeopleFile.Read(content);
        if (!read.Succeeded) return read.Refusal;

        var rules = await invitations.RulesAsync(actor, [.. read.Value.Select(record => record.Email).Where(email => email.Length > 0)], cancellation);
        return new ImportLines(rules).Judge(read.Value);
    }

    /// <summary>Invites everybody in the file. It is judged anew: since the preview, somebody may have been added.</summary>
    /// <param name="actor">Who imports.</param>
    /// <param name="content">The file that was previewed.</param>
    /// <param name="progress">Told how many are prepared; they count once all are.</param>
    /// <param name="cancellation">Stops it, with nobody invited.</param>
    /// <returns>How many were invited.</returns>
    public async Task<Result<int>> ImportAsync(Actor actor, byte[] content, IProgress<int>? progress, CancellationToken cancellation)
    {
        var preview = await PreviewAsync(actor, content, cancellation);
        if (!preview.Succeeded) return preview.Refusal;
        if (!preview.Value.CanImport) return Refusal.Conflict($"{preview.Value.Bad:N0} lines are wrong by now, so nobody was invited. Look at the preview again.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var done = 0;
            foreach (var chunk in preview.Value.Lines.Select(line => line.Invitation!).Chunk(RowsPerStep))
            {
                await foreach (var added in invitations.AddAsync(db, actor, chunk, cancellation))
                {
                    if (!added.Succeeded) return added.Refusal;
                }

                await db.SaveChangesAsync(cancellation);
                db.ChangeTracker.Clear();
                done += chunk.Length;
                progress?.Report(done);
            }

            audit.Record(db, actor, "people.imported", "people", null, new { invitations = done });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return done;
        }
        catch (Exception exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody invited one of these people at this very moment, so nobody was invited. Look at the preview again.");
        }
    }
}
