using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// An event, written in the transaction of the change itself. Its columns are the leaf: what is hashed is made from them, so that
/// nobody can show one thing and prove another. What it says about people lies in its <see cref="AuditPart"/>s.
/// </summary>
public sealed class AuditEvent : IOrganizationOwned, IAppendOnly
{
    private const int KeyIdLength = 16;
    private const int CommitmentLength = KeyIdLength + 32;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>When it was recorded, to the microsecond.</summary>
    public DateTimeOffset At { get; init; }

    public AuditActorKind ActorKind { get; init; }

    /// <inheritdoc cref="AuditLeaf.ActorRef"/>
    public string? ActorRef { get; init; }

    public required string Action { get; init; }

    public AuditCategory Category { get; init; }

    public AuditSeverity Severity { get; init; }

    public AuditOutcome Outcome { get; init; }

    public required string ResourceType { get; init; }

    /// <inheritdoc cref="AuditLeaf.ResourceRef"/>
    public string? ResourceRef { get; init; }

    public string? Reason { get; init; }

    public string? Policy { get; init; }

    public string? Request { get; init; }

    public string? Source { get; init; }

    /// <summary>For each part of the payload 16 bytes of key id and 32 of commitment.</summary>
    public byte[] Commitments { get; init; } = [];

    public AuditLeaf ToLeaf() => new()
    {
        Log = AuditLeaf.OriginOf(OrganizationId),
        Id = Id,
        At = At,
        ActorKind = ActorKind,
        ActorRef = ActorRef,
        Action = Action,
        Category = Category,
        Severity = Severity,
        Outcome = Outcome,
        ResourceType = ResourceType,
        ResourceRef = ResourceRef,
        Reason = Reason,
        Policy = Policy,
        Request = Request,
        Source = Source,
        Parts = PartsOf(Commitments),
    };

    /// <summary>The event that a leaf was made from.</summary>
    internal static AuditEvent Of(AuditLeaf leaf) => new()
    {
        Id = leaf.Id,
        OrganizationId = AuditLeaf.OrganizationOf(leaf.Log),
        At = leaf.At,
        ActorKind = leaf.ActorKind,
        ActorRef = leaf.ActorRef,
        Action = leaf.Action,
        Category = leaf.Category,
        Severity = leaf.Severity,
        Outcome = leaf.Outcome,
        ResourceType = leaf.ResourceType,
        ResourceRef = leaf.ResourceRef,
        Reason = leaf.Reason,
        Policy = leaf.Policy,
        Request = leaf.Request,
        Source = leaf.Source,
        Commitments = CommitmentsOf(leaf.Parts),
    };

    internal static byte[] CommitmentsOf(IReadOnlyList<PartCommitment> parts)
    {
        var bytes = new byte[parts.Count * CommitmentLength];
        for (var i = 0; i < parts.Count; i++)
        {
            var place = bytes.AsSpan(i * CommitmentLength, CommitmentLength);
            parts[i].KeyId.TryWriteBytes(place, bigEndian: true, out _);
            parts[i].Commitment.Span.CopyTo(place[KeyIdLength..]);
        }

        return bytes;
    }

    private static PartCommitment[] PartsOf(byte[] commitments)
    {
        var parts = new PartCommitment[commitments.Length / CommitmentLength];
        for (var i = 0; i < parts.Length; i++)
        {
            var place = commitments.AsMemory(i * CommitmentLength, CommitmentLength);
            parts[i] = new PartCommitment(new Guid(place.Span[..KeyIdLength], bigEndian: true), place[KeyIdLength..]);
        }

        return parts;
    }
}

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public const int MaxRef = 200;

    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.Property(entry => entry.ActorRef).HasMaxLength(MaxRef);
        builder.Property(entry => entry.Action).HasMaxLength(64);
        builder.Property(entry => entry.ResourceType).HasMaxLength(64);
        builder.Property(entry => entry.ResourceRef).HasMaxLength(MaxRef);
        builder.Property(entry => entry.Reason).HasMaxLength(MaxRef);
        builder.Property(entry => entry.Policy).HasMaxLength(64);
        builder.Property(entry => entry.Request).HasMaxLength(64);
        builder.Property(entry => entry.Source).HasMaxLength(64);
        builder.Property(entry => entry.Commitments).HasMaxLength(4096);

        // In the order of the page: all of them; those of a kind; those of an actor, by kind; those on one thing. Whatever somebody filters by,
        // AuditSearch asks for a few runs that one of these has in order. Each costs every event that is written, so there are no more.
        // A call has its own reference, which its id says too.
        builder.HasIndex(entry => new { entry.OrganizationId, entry.At, entry.Id });
        builder.HasIndex(entry => new { entry.OrganizationId, entry.Action, entry.ResourceType, entry.Category, entry.Severity, entry.Outcome, entry.At, entry.Id })
            .HasDatabaseName("IX_AuditEvents_Kind");
        builder.HasIndex(entry => new { entry.OrganizationId, entry.ActorRef, entry.Action, entry.ResourceType, entry.Category, entry.Severity, entry.Outcome, entry.At, entry.Id })
            .HasDatabaseName("IX_AuditEvents_ActorKind");
        builder.HasIndex(entry => new { entry.OrganizationId, entry.ResourceRef, entry.At, entry.Id })
            .HasDatabaseName("IX_AuditEvents_Resource").HasFilter($"\"ResourceType\" <> '{CallLeaf.ResourceType}'");
        builder.HasOne<Organization>().WithMany().HasForeignKey(entry => entry.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
