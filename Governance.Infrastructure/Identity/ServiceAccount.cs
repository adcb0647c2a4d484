using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity;

/// <summary>A machine that uses the API. Its scopes are permissions, which it holds for the whole organisation; it may do nothing else.</summary>
public sealed class ServiceAccount : Credential
{
    public string PublicId => Domain.PublicId.Format(Domain.PublicId.ServiceAccount, Id);

    protected override string SecretPrefix => SecretKey.ServiceAccountPrefix;
}

internal sealed class ServiceAccountConfiguration : IEntityTypeConfiguration<ServiceAccount>
{
    public void Configure(EntityTypeBuilder<ServiceAccount> builder)
    {
        CredentialConfiguration.Apply(builder);
        builder.Ignore(account => account.PublicId);
        builder.HasMany(account => account.Secrets).WithOne().HasForeignKey(secret => secret.ServiceAccountId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Organization>().WithMany().HasForeignKey(account => account.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
