using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Tokens;

internal sealed class ApiTokenOptionsValidator : IValidateOptions<ApiTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiTokenOptions options)
    {
        var errors = new List<string>();
        if (options.RefreshTokenIdleLifetime > options.RefreshTokenLifetime)
            errors.Add("Tokens:RefreshTokenIdleLifetime must not be longer than Tokens:RefreshTokenLifetime.");
        if (options.AccessTokenLifetime > options.RefreshTokenIdleLifetime)
            errors.Add("Tokens:AccessTokenLifetime must not be longer than Tokens:RefreshTokenIdleLifetime.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
