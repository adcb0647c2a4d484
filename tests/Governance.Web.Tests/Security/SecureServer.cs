using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Web.Tests.Security;

/// <summary>The product on HTTPS, with a certificate made for the test.</summary>
internal static class SecureServer
{
    private static readonly X509Certificate2 Certificate = MakeCertificate();

    /// <summary>What a client goes by that trusts this certificate and no other.</summary>
    public static X509ChainPolicy Trust { get; } = new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public static Task<GovernanceServer> StartAsync() => GovernanceServer.StartAsync(
        settings: new Dictionary<string, string?> { ["Urls"] = "https://127.0.0.1:0" },
        configure: services => services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = Certificate)));

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=governance.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
