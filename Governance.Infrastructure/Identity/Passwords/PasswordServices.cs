using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Passwords;

internal static class PasswordServices
{
    /// <summary>To be called after the framework's identity was added, parts of which it replaces.</summary>
    public static IServiceCollection AddPasswords(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PasswordsOptions>().Bind(configuration.GetSection(PasswordsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<PasswordsOptions>, PasswordsOptionsValidator>();
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Person>, Argon2PasswordHasher>());
        services.Replace(ServiceDescriptor.Scoped<IPasswordValidator<Person>, PasswordPolicyValidator>());
        return services.AddSingleton<PasswordPolicy>().AddSingleton<PasswordHashing>().AddScoped<PasswordSignIn>();
    }
}
