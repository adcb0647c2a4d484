using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Sessions;

/// <summary>A sign-in in one browser. The cookie names it, and it can be ended from elsewhere.</summary>
public sealed class PersonSession : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid PersonId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Written at most once a minute.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the person last proved who they are: at sign-in, or when asked again before a sensitive change.</summary>
    public DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>The absolute limit.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public SignInMethod Method { get; init; }

    /// <summary>A role of theirs needs a second factor that they have not set up yet: until they do, the session opens nothing else.</summary>
    public bool MustEnrol { get; set; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Who ended it; none if it ran out.</summary>
    public Guid? EndedBy { get; set; }

    public SessionEnd? EndReason { get; set; }

    /// <summary>Whether it was not ended and is within its limits; the person may be disabled all the same.</summary>
    public bool Holds(DateTimeOffset now, OrganizationSettings limits) =>
        EndedAt is null && ExpiresAt > now && now - LastSeenAt < limits.SessionIdleLimit && now - CreatedAt < limits.SessionAbsoluteLimit;
}

/// <summary>How somebody proved who they are.</summary>
public enum SignInMethod
{
    Password,
    PasswordAndCode,
    PasswordAndRecoveryCode,
    Passkey,
    External,
}

/// <summary>Why a session is over.</summary>
public enum SessionEnd
{
    SignedOut,
    EndedByPerson,
    EndedByAdministrator,
    PersonDisabled,
    CredentialsChanged,
}

internal sealed class PersonSessionConfiguration : IEntityTypeConfiguration<PersonSession>
{
    public void Configure(EntityTypeBuilder<PersonSession> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(session => session.IpAddress).HasMaxLength(64);
        builder.Property(session => session.UserAgent).HasMaxLength(256);
        builder.HasIndex(session => new { session.PersonId, session.EndedAt });
        builder.HasIndex(session => new { session.OrganizationId, session.LastSeenAt });
        builder.HasOne<Person>().WithMany().HasForeignKey(session => session.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}
