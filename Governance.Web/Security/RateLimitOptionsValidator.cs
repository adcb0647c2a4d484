using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

internal sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var errors = options.All.SelectMany(named =>
            Errors($"{named.Key}:{nameof(RateLimitRule.PerAddress)}", named.Rule.PerAddress)
                .Concat(Errors($"{named.Key}:{nameof(RateLimitRule.PerCaller)}", named.Rule.PerCaller))).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(string key, RateLimit limit)
    {
        if (limit.Permits is < 1 or > 1_000_000) yield return $"{RateLimitOptions.Section}:{key}:Permits must be from 1 to 1000000.";
        if (limit.Window < TimeSpan.FromSeconds(1) || limit.Window > TimeSpan.FromDays(1))
            yield return $"{RateLimitOptions.Section}:{key}:Window must be from 00:00:01 to 1.00:00:00.";
    }
}
