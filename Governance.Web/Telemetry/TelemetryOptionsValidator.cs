using Microsoft.Extensions.Options;

namespace Governance.Web.Telemetry;

internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var errors = new List<string>();
        var otlp = options.Otlp;
        if (!string.IsNullOrWhiteSpace(otlp.Endpoint)
            && !(Uri.TryCreate(otlp.Endpoint, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)))
            errors.Add("Telemetry:Otlp:Endpoint must be an absolute http or https URL, such as http://127.0.0.1:4318.");
        if (otlp.Interval < TimeSpan.FromSeconds(1) || otlp.Interval > TimeSpan.FromHours(1))
            errors.Add("Telemetry:Otlp:Interval must lie between 00:00:01 and 01:00:00.");
        if (!string.IsNullOrEmpty(otlp.Headers) && !otlp.Headers.Split(',').All(header => header.IndexOf('=', StringComparison.Ordinal) > 0))
            errors.Add("Telemetry:Otlp:Headers must be pairs such as api-key=secret, separated by commas.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
