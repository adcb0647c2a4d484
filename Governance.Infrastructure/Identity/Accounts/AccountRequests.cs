using System.Net.Mail;
using Governance.Domain;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>Takes what visitors ask for by mail address, without looking at whether the address is known.</summary>
public sealed class AccountRequests(GovernanceDatabase database, OperatingOrganization operating, MasterKey key, TimeProvider time)
{
    /// <summary>A new password; the mail goes out if there is such an account.</summary>
    public Task<Result> ResetPasswordAsync(string email, CancellationToken cancellation) =>
        EnqueueAsync(PasswordResetHandler.WorkKind, new AccountRequest(email.Trim()), cancellation);

    /// <summary>A registration; the mail says how to go on, or that there is an account already.</summary>
    public async Task<Result> RegisterAsync(string name, string email, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 200) return Refusal.Invalid("Name", "Give your name in 1 to 200 characters.");
        return await EnqueueAsync(RegistrationHandler.WorkKind, new AccountRequest(email.Trim(), name.Trim()), cancellation);
    }

    private async Task<Result> EnqueueAsync(string kind, AccountRequest request, CancellationToken cancellation)
    {
        if (request.Email.Length is 0 or > 254 || !MailAddress.TryCreate(request.Email, out var parsed) || parsed.Address != request.Email)
            return Refusal.Invalid("Email", "Give a mail address such as ann@example.com.");
        if (await operating.FindAsync(cancellation) is not { } organization) return Result.Ok; // Not set up yet: there is nobody to find.

        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(organization.Id);
        db.WorkItems.Add(new WorkItem
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organization.Id,
            Kind = kind,
            Payload = request.Seal(key),
            CreatedAt = now,
            DueAt = now,
        });
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }
}
