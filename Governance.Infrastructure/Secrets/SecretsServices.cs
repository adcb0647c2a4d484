using Governance.Infrastructure.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Secrets;

internal static class SecretsServices
{
    public static IServiceCollection AddSecrets(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<KeyOptions>().Bind(configuration.GetSection(KeyOptions.Section));
        services.AddSingleton(provider => MasterKeyFile.Load(
            provider.GetRequiredService<IOptions<KeyOptions>>().Value, provider.GetRequiredService<IOptions<DataDirectoryOptions>>().Value));
        services.AddDataProtection().SetApplicationName("Governance").UseCryptographicAlgorithms(
            new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new DataProtectionStore(provider.GetRequiredService<GovernanceDatabase>());
            options.XmlEncryptor = new DataProtectionEncryptor(provider.GetRequiredService<MasterKey>());
        }));
        return services;
    }
}
