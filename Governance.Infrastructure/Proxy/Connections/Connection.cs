using System.Text;
using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>An organisation's own connection to a provider. Callers reach it under its name; the ledger keeps the name after it is deleted.</summary>
public sealed class Connection : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The segment behind <c>/proxy/</c>. It stays: callers and the ledger have it.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the kind of provider, whose wire format it speaks.</summary>
    public required string Kind { get; init; }

    /// <summary>What callers' paths follow, without a trailing slash.</summary>
    public required string BaseUrl { get; set; }

    /// <summary>Set for a regional endpoint, whose prices carry an uplift.</summary>
    public string? Region { get; set; }

    /// <summary>Whose contract it is, such as an account's or a subscription's id; nothing depends on it.</summary>
    public string? Account { get; set; }

    /// <summary>The id of a key that signs; none for one that is sent.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The provider's key, wrapped under the master key for this connection alone.</summary>
    public required byte[] WrappedSecret { get; set; }

    /// <summary>What the provider's names for deployments and profiles stand for.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; set; } = new Dictionary<string, string>();

    /// <summary>How long connecting may take, in seconds; none for what the proxy's options say.</summary>
    public int? ConnectTimeoutSeconds { get; set; }

    /// <summary>How long the provider may stay silent, in seconds; none for what the proxy's options say.</summary>
    public int? ActivityTimeoutSeconds { get; set; }

    /// <summary>Attempts within a call, the first included; none for what the proxy's options say.</summary>
    public int? Attempts { get; set; }

    /// <summary>Since when calls may go through it; none if they may not.</summary>
    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>The kind under whose base it is called; none if it is called by name only.</summary>
    public string? DefaultOf { get; set; }

    /// <summary>The models that the provider lists.</summary>
    public List<string> Models { get; set; } = [];

    public DateTimeOffset? ModelsReadAt { get; set; }

    public DateTimeOffset? TestedAt { get; set; }

    public int? TestLatencyMs { get; set; }

    /// <summary>Why the last test failed; none if it passed.</summary>
    public string? TestError { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.Connection, Id);

    internal void Keep(string secret, MasterKey master) => WrappedSecret = Wrap(OrganizationId, Id, secret, master);

    internal static byte[] Wrap(Guid organizationId, Guid id, string secret, MasterKey master) => master.Wrap(Purpose(organizationId, id), Encoding.UTF8.GetBytes(secret));

    /// <summary>What the proxy calls; none if the kind is not served any more.</summary>
    internal ProviderConnection? Open(MasterKey master) => Providers.Find(Kind) is not { } kind
        ? null
        : new ProviderConnection(Name, kind, BaseUrl, new ProviderCredential(Encoding.UTF8.GetString(master.Unwrap(Purpose(OrganizationId, Id), WrappedSecret)), AccessKeyId), Region)
        {
            Aliases = Aliases,
            Limits = new ConnectionLimits(Seconds(ConnectTimeoutSeconds), Seconds(ActivityTimeoutSeconds), Attempts),
            Approved = ApprovedAt is not null,
        };

    private static TimeSpan? Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;

    /// <summary>A wrapped secret that is copied to another row does not open there.</summary>
    private static string Purpose(Guid organizationId, Guid id) => $"governance.connection.{organizationId:n}.{id:n}";
}

internal sealed class ConnectionConfiguration : IEntityTypeConfiguration<Connection>
{
    public const int MaxName = 63;
    public const int MaxText = 100;
    public const int MaxModel = 200;
    public const int MaxError = 500;

    public void Configure(EntityTypeBuilder<Connection> builder)
    {
        builder.ToTable("Connections");
        builder.Property(connection => connection.Name).HasMaxLength(MaxName);
        builder.Property(connection => connection.Kind).HasMaxLength(64);
        builder.Property(connection => connection.DefaultOf).HasMaxLength(64);
        builder.Property(connection => connection.BaseUrl).HasMaxLength(WebhookUrl.MaxLength);
        builder.Property(connection => connection.Region).HasMaxLength(64);
        builder.Property(connection => connection.Account).HasMaxLength(MaxText);
        builder.Property(connection => connection.AccessKeyId).HasMaxLength(128);
        builder.Property(connection => connection.TestError).HasMaxLength(MaxError);
        builder.Property(connection => connection.Aliases).HasConversion(
            aliases => JsonSerializer.Serialize(aliases, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyDictionary<string, string>>((left, right) => ReferenceEquals(left, right), aliases => aliases.Count, aliases => aliases));
        builder.Ignore(connection => connection.PublicId);
        builder.HasIndex(connection => new { connection.OrganizationId, connection.Name }).IsUnique();

        // At most one default a kind: those that are none have no value, and so do not meet.
        builder.HasIndex(connection => new { connection.OrganizationId, connection.DefaultOf }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(connection => connection.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
