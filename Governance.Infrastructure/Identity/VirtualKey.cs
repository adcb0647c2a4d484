using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity;

/// <summary>A key with which an application calls the proxy in place of a provider's key. Its scopes are interfaces of the proxy.</summary>
public sealed class VirtualKey : Credential
{
    public Guid ApplicationId { get; init; }

    /// <summary>Where the application runs, such as production or test.</summary>
    public required string Environment { get; init; }

    /// <summary>The most sensitive class of data it may send, such as internal or personal.</summary>
    public required string DataClass { get; init; }

    /// <summary>The models it may call, as <see cref="Domain.Identity.AllowedModels"/> reads them; empty for all.</summary>
    public List<string> AllowedModels { get; set; } = [];

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.Key, Id);

    protected override string SecretPrefix => SecretKey.VirtualKeyPrefix;
}

internal sealed class VirtualKeyConfiguration : IEntityTypeConfiguration<VirtualKey>
{
    public void Configure(EntityTypeBuilder<VirtualKey> builder)
    {
        CredentialConfiguration.Apply(builder);
        builder.Property(key => key.Environment).HasMaxLength(64);
        builder.Property(key => key.DataClass).HasMaxLength(64);
        builder.Ignore(key => key.PublicId);
        builder.HasMany(key => key.Secrets).WithOne().HasForeignKey(secret => secret.KeyId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Application>().WithMany().HasForeignKey(key => key.ApplicationId).OnDelete(DeleteBehavior.Restrict);
    }
}
