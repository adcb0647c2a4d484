using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Data;

/// <summary>
/// Tells the framework's part of the model which schema it has: the one with passkeys. The framework asks the application's services for
/// that, and does not look at the context's own SchemaVersion; without an answer it leaves the passkeys out.
/// </summary>
internal static class IdentitySchema
{
    private static readonly IServiceProvider Services = new SchemaVersionOnly();

    public static DbContextOptionsBuilder<TContext> UseIdentitySchema<TContext>(this DbContextOptionsBuilder<TContext> builder)
        where TContext : DbContext =>
        builder.UseApplicationServiceProvider(Services);

    private sealed class SchemaVersionOnly : IServiceProvider
    {
        private readonly IOptions<IdentityOptions> _options =
            Options.Create(new IdentityOptions { Stores = { SchemaVersion = IdentitySchemaVersions.Version3 } });

        public object? GetService(Type serviceType) => serviceType == typeof(IOptions<IdentityOptions>) ? _options : null;
    }
}
