using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Resilience;

internal sealed class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, ResilienceOptions options)
    {
        var errors = new List<string>();
        if (options.BaseDelay > options.MaxDelay) errors.Add($"{ResilienceOptions.Section}:BaseDelay must not be longer than {ResilienceOptions.Section}:MaxDelay.");
        if (options.BreakerOpenFor > options.BreakerMaxOpenFor) errors.Add($"{ResilienceOptions.Section}:BreakerOpenFor must not be longer than {ResilienceOptions.Section}:BreakerMaxOpenFor.");
        if (options.MaxSocketsPerHost < options.MaxConcurrentCalls)
            errors.Add($"{ResilienceOptions.Section}:MaxSocketsPerHost must not be less than {ResilienceOptions.Section}:MaxConcurrentCalls: calls would wait for sockets as if the provider were silent.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
