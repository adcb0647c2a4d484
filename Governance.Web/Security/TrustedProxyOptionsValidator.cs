using System.Net;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

internal sealed class TrustedProxyOptionsValidator : IValidateOptions<TrustedProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, TrustedProxyOptions options)
    {
        List<string> errors =
        [
            .. options.KnownProxies.Where(text => !IPAddress.TryParse(text, out _))
                .Select(text => $"ForwardedHeaders:KnownProxies: '{text}' is not an IP address such as 10.0.0.4."),
            .. options.KnownNetworks.Where(text => !IPNetwork.TryParse(text, out _))
                .Select(text => $"ForwardedHeaders:KnownNetworks: '{text}' is not a network such as 10.0.0.0/24."),
        ];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
