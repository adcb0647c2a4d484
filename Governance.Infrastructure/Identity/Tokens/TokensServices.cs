using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Tokens;

internal static class TokensServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApiTokenOptions>().Bind(configuration.GetSection(ApiTokenOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiTokenOptions>, ApiTokenOptionsValidator>();
        services.AddSingleton<SigningKeyVault>().AddSingleton<SigningKeyRing>();
        services.AddSingleton<SigningKeyRotationJob>().AddJob<SigningKeyRotationJob>();
        services.AddSingleton<OutlivedTokensJob>().AddJob<OutlivedTokensJob>();
        return services
            .AddSingleton<TokenFamilyDirectory>()
            .AddSingleton<TokenFamilyService>()
            .AddSingleton<AccessTokenService>()
            .AddSingleton<AccessTokenVerifier>();
    }
}
